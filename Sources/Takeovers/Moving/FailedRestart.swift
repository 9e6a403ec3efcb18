import FleetModel

/// A restart from which a workload does not come up again, and whether it can be taken back.
///
/// That brings back the template and nothing else: whatever pod is made anew is injected by the
/// same control plane as before. What it helps are the pods of the old template that are still
/// there: they no longer have to go.
struct FailedRestart {
    private let workload: Workload
    private let move: Move
    private let view: ClusterView

    init(of workload: Workload, by move: Move, _ view: ClusterView) {
        (self.workload, self.move, self.view) = (workload, move, view)
    }

    /// The end of the step, for this reason.
    func end(_ reason: String) throws(Pause) -> Pause {
        switch try answer() {
        case .undo(let revision): remediable(reason, by: revision)
        case .leave(let words): .terminal("\(reason); its restart is not undone: \(words)")
        case .none: .terminal(reason)
        }
    }

    private enum Answer {
        case undo(revision: Int)
        /// Undoing would not help, or would undo more than the restart.
        case leave(String)
        /// It has nothing that could be undone, or nobody wants it.
        case none
    }

    private func remediable(_ reason: String, by revision: Int) -> Pause {
        let undo = RestartAct.undo(revision: "\(revision)")
        let words =
            "its restart was undone (back to revision \(revision)), "
            + "which changes nothing of who injects new pods"
        return .remediable(
            Failure(.terminal, reason),
            Remedy([undo.command(for: workload.owner, move.kubectl)], words: words))
    }

    private func answer() throws(Pause) -> Answer {
        guard move.settings.failedRollout == .undo, let object = workload.object else {
            return .none
        }
        switch workload.owner.kind {
        case "Deployment": return try answer(by: .replicaSets(of: workload, view), object)
        case "StatefulSet", "DaemonSet":
            let reading = Reading.trial(revisions(of: object))
            guard case .found(let found) = try view.result(of: reading),
                let list = ToolReport(found).flatMap({ JSON(parsing: $0.stdout) })
            else { return .leave("nobody says what its templates were") }
            return answer(by: .controllerRevisions(list.items("items"), of: workload), object)
        default: return .none
        }
    }

    /// Whoever may not list them is still told why the workload failed.
    private func revisions(of object: JSON) -> Command {
        let labels = object.spec[path: ["selector", "matchLabels"]]?.strings ?? [:]
        let path = APIPath.controllerRevisions(in: workload.owner.namespace, labels: labels)
        return move.kubectl.ask(
            ["get", "--raw", path], purpose: "read the templates that \(workload.owner) has had")
    }

    private func answer(by history: TemplateHistory, _ object: JSON) -> Answer {
        guard let past = history.bestPast else { return .leave("no earlier revision is kept") }
        let isTold = wasTold(object.template, unlike: past.template)
        guard object.template.essence(isTold) == past.template.essence(isTold) else {
            return .leave("more than that has changed since revision \(past.revision)")
        }
        guard isTold || past.readyPods > 0 else {
            return .leave("none of its old pods is left, and new ones would be no others")
        }
        guard workload.rollsBackByItself else { return .leave(byHand(past)) }
        return .undo(revision: past.revision)
    }

    /// Whether our step changed what the template asks for.
    private func wasTold(_ template: JSON, unlike past: JSON) -> Bool {
        let asked = template.labels[IstioLabel.revision]
        return asked == move.revision.rawValue && asked != past.labels[IstioLabel.revision]
    }

    /// What somebody has to do where a controller waits for the broken pod: of a StatefulSet
    /// whose pods come one by one (kubernetes/kubernetes#67250), and with `OnDelete`.
    private func byHand(_ past: PastTemplate) -> String {
        let broken = workload.pods.filter { !$0.isTerminating && !$0.isReady }.map(\.name)
        let undo = RestartAct.undo(revision: "\(past.revision)")
            .command(for: workload.owner, move.kubectl)
        return "its controller would wait for the broken pod; run `\(undo.shellLine)`, "
            + "then delete \(broken.isEmpty ? "that" : broken.summary) by hand"
    }
}

extension Workload {
    /// Whether its controller replaces a broken pod when the template goes back to what it was.
    var rollsBackByItself: Bool {
        switch owner.kind {
        case "Deployment": true
        case "DaemonSet": object?.updatesByItself == true
        case "StatefulSet":
            object?.updatesByItself == true
                && object?.spec["podManagementPolicy"]?.string == "Parallel"
        default: false
        }
    }
}

extension JSON {
    /// A template without what a restart puts into it, and what a history does; where the move
    /// has told it what to ask for, without that, too.
    fileprivate func essence(_ isTold: Bool) -> JSON {
        var labels = labels
        labels["pod-template-hash"] = nil
        if isTold { labels[IstioLabel.revision] = nil }
        let ours = [Workload.restartAnnotation, RestartAct.note]
        var metadata = metadata.object ?? [:]
        metadata["labels"] = JSON(labels)
        metadata["annotations"] = JSON(annotations.filter { !ours.contains($0.key) })
        metadata["creationTimestamp"] = nil
        return ["metadata": .object(metadata), "spec": self["spec"] ?? .null]
    }
}
