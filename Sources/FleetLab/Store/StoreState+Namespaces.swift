import FleetModel

/// The namespace controller's last act: a terminating namespace goes when it is empty.
extension StoreState {
    mutating func releaseNamespace(_ name: String) {
        let key = ObjectKey("namespaces", name: name)
        guard !name.isEmpty, var namespace = self[key], namespace.isTerminating else { return }
        let contents = keys(inNamespace: name)
        if contents.isEmpty {
            namespace[path: ["spec", "finalizers"]] = nil
            if namespace.finalizers.isEmpty {
                erase(key)
                return
            }
        }
        namespace[path: ["status", "conditions"]] = conditions(for: contents)
        if namespace != self[key] { write(namespace, at: key) }
    }

    /// Why the namespace is still there, in the words of the namespace controller.
    private func conditions(for contents: [ObjectKey]) -> JSON {
        let remaining = Self.counts(contents.map(\.resource)).map {
            // The real text has a dot behind a core kind: `pods. has 2 resource instances`.
            "\($0.name)\($0.name.contains(".") ? "" : ".") has \($0.count) resource instances"
        }
        let finalizers = Self.counts(contents.flatMap { self[$0]?.finalizers ?? [] }).map {
            "\($0.name) in \($0.count) resource instances"
        }
        return [
            Self.condition(
                "NamespaceContentRemaining",
                remaining.isEmpty ? "ContentRemoved" : "SomeResourcesRemain",
                remaining.isEmpty
                    ? "All content successfully removed"
                    : "Some resources are remaining: " + remaining.joined(separator: ", "),
                isTrue: !remaining.isEmpty),
            Self.condition(
                "NamespaceFinalizersRemaining",
                finalizers.isEmpty ? "ContentHasNoFinalizers" : "SomeFinalizersRemain",
                finalizers.isEmpty
                    ? "All content-preserving finalizers finished"
                    : "Some content in the namespace has finalizers remaining: "
                        + finalizers.joined(separator: ", "),
                isTrue: !finalizers.isEmpty),
        ]
    }

    private static func condition(
        _ type: String, _ reason: String, _ message: String, isTrue: Bool
    ) -> JSON {
        [
            "type": .string(type), "status": isTrue ? "True" : "False", "reason": .string(reason),
            "message": .string(message),
        ]
    }

    private static func counts(_ names: [String]) -> [(name: String, count: Int)] {
        Dictionary(grouping: names) { $0 }.map { ($0.key, $0.value.count) }
            .sorted { $0.name < $1.name }
    }
}
