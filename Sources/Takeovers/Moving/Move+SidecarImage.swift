import FleetModel

/// Sidecars whose version a digest hides, while old and new have the same revision.
///
/// What the injector would put into a new pod of the same kind is the one thing that tells them
/// apart without entering a pod: a sidecar of another image is an old one.
extension Move {
    /// The same move, which knows the new ones among these pods by their image where it has to.
    func seeing(_ pods: [Pod], _ view: ClusterView) throws(Pause) -> Move {
        let hidden = pods.filter { pod in
            !pod.isTerminating && pod.isAlive && Proxy.isInjected(into: pod.object)
                && pod.proxy.map { hidesVersion($0) && $0.image != nil } == true
        }
        guard let example = hidden.min(by: { $0.object.qualifiedName < $1.object.qualifiedName })
        else { return self }
        var move = self
        move.sidecarImage = try image(for: example, view)
        return move
    }

    /// The same move before anything has changed: every such sidecar will have to be moved.
    var seeingNothing: Move {
        var move = self
        move.sidecarImage = ""
        return move
    }

    private func image(for example: Pod, _ view: ClusterView) throws(Pause) -> String {
        let probe = InjectionProbe(namespace: example.namespace, labels: example.labels)
        var answer = InjectionProbe.answer(try view.result(of: probe.reading(kubectl)))
        if answer.isPolicyRefusal {
            answer = try self.probe(in: [example.namespace], view)[0].answer
        }
        guard let image = answer.proxy?.image else {
            throw .unclear("a new pod like \(example.object.qualifiedName) \(answer.description)")
        }
        return image
    }
}
