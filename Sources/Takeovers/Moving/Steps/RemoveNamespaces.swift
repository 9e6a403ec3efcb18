import FleetModel

/// Removes the namespaces that the old installation leaves empty, as far as the takeover names
/// them.
struct RemoveNamespaces: StepRecipe {
    static let outline = StepOutline(
        "remove-namespaces", title: "remove the namespaces that are of no more use")
    let move: Move
    let names: [String]

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(10), poll: .seconds(5))
    var lock: WriterLock? { move.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        let present = try present(view)
        guard !present.isEmpty else { return .done("\(names.summary) gone") }
        for namespace in present where !namespace.isTerminating {
            try requireEmptiness(of: namespace.name, view)
        }
        let standing = present.filter { !$0.isTerminating }
        guard standing.isEmpty else {
            return .notDone("nothing is left in \(standing.map(\.name).summary)")
        }
        return .partial(present.map(\.reasonToStay).joined(separator: "; "))
    }

    private func present(_ view: ClusterView) throws(Pause) -> [JSON] {
        try view.require(names.map(APIPath.namespace))
        var present: [JSON] = []
        for name in names {
            if let namespace = try view.object(APIPath.namespace(name)) {
                present.append(namespace)
            }
        }
        return present
    }

    private func requireEmptiness(of name: String, _ view: ClusterView) throws(Pause) {
        guard !MeshNamespace.isProtected(name) else {
            throw .terminal("namespace \(name) is protected")
        }
        let others = try NamespaceContents(of: name, view, by: move.kubectl).others
        guard others.isEmpty else {
            throw .terminal(
                "namespace \(name) still holds \(others.summary); remove that first, or take the "
                    + "namespace out of `removeNamespaces`")
        }
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        try present(view).filter { !$0.isTerminating }.map { deletion($0.name) }
    }

    private func deletion(_ name: String) -> Command {
        move.kubectl.delete(
            "namespace", [name], purpose: "remove the empty namespace \(name)")
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(names.map(APIPath.namespace) + ["/api/v1", "/apis"]),
            acts: names.map(deletion),
            proof: "\(names.summary) gone; before that, nothing but what every namespace has was "
                + "in them, of any kind that the API server lists")
    }
}

extension JSON {
    /// Why a namespace that is on its way out is still there.
    fileprivate var reasonToStay: String {
        let conditions = ["NamespaceFinalizersRemaining", "NamespaceContentRemaining"]
        let words = conditions.lazy.compactMap { name -> String? in
            let condition = self.condition(name)
            return condition?["status"]?.string == "True" ? condition?["message"]?.string : nil
        }.first
        return "namespace \(name) is still going" + (words.map { ": \($0)" } ?? "")
    }
}
