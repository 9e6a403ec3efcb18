import FleetModel

/// A template that a workload had before.
struct PastTemplate: Hashable, Sendable {
    /// What `kubectl rollout undo --to-revision` takes.
    let revision: Int
    let template: JSON
    /// Pods of it that are still there and well.
    let readyPods: Int
}

/// The templates that a workload has had, as its ReplicaSets or ControllerRevisions keep them.
struct TemplateHistory: Hashable, Sendable {
    let past: [PastTemplate]

    /// Of those that still have pods the latest, or else the latest of all.
    var bestPast: PastTemplate? {
        past.max {
            ($0.readyPods > 0 ? 1 : 0, $0.revision) < ($1.readyPods > 0 ? 1 : 0, $1.revision)
        }
    }

    private init(_ all: [PastTemplate], until current: Int) {
        past = all.filter { $0.revision < current }
    }

    static func replicaSets(
        of deployment: Workload, _ view: ClusterView
    ) throws(Pause) -> TemplateHistory {
        let sets = try view.list(APIPath.replicaSets(in: deployment.owner.namespace))
            .filter { OwnerReference(controllerOf: $0) == deployment.owner }
        let all = sets.compactMap { set in
            revision(of: set).map { revision in
                PastTemplate(
                    revision: revision, template: set.template,
                    readyPods: deployment.ready { $0.controller?.name == set.name })
            }
        }
        return TemplateHistory(all, until: deployment.object.flatMap(revision) ?? 0)
    }

    /// Where the latest one is that of the template as it is.
    static func controllerRevisions(_ items: [JSON], of set: Workload) -> TemplateHistory {
        let all = items.filter { OwnerReference(controllerOf: $0) == set.owner }.map { item in
            PastTemplate(
                revision: item["revision"]?.int ?? 0,
                template: item[path: ["data", "spec", "template"]] ?? .null,
                readyPods: set.ready { $0.isOf(item, set.owner) })
        }
        return TemplateHistory(all, until: all.map(\.revision).max() ?? 0)
    }

    private static func revision(of object: JSON) -> Int? {
        object.annotations["deployment.kubernetes.io/revision"].flatMap { Int($0) }
    }
}

extension Workload {
    fileprivate func ready(_ isWanted: (Pod) -> Bool) -> Int {
        pods.count { !$0.isTerminating && $0.isReady && isWanted($0) }
    }
}

extension Pod {
    /// Pods of a StatefulSet carry the revision's name, those of a DaemonSet the end of it.
    fileprivate func isOf(_ revision: JSON, _ owner: OwnerReference) -> Bool {
        guard let hash = labels["controller-revision-hash"] else { return false }
        return revision.name == hash || revision.name == "\(owner.name)-\(hash)"
    }
}
