import FleetModel

/// Who writes the parent release: the Kustomization that applies it, and the repository
/// that it comes from.
struct EnvironmentSource: Sendable {
    /// `nil` when nobody but people writes it.
    let kustomization: JSON?
    let repository: JSON?

    static var readings: [Reading] {
        [FluxObject.Kind.kustomization, .gitRepository].map { .path($0.paths[0], on: .cluster) }
    }

    init(_ packages: BigBangPackages, _ view: ClusterView) throws(Pause) {
        try view.require(Self.readings)
        let owner = "kustomize.toolkit.fluxcd.io"
        let labels = packages.parent.object.labels
        let (name, namespace) = (labels["\(owner)/name"], labels["\(owner)/namespace"])
        let kustomization = try
            (view.optionalList(firstOf: FluxObject.Kind.kustomization.paths)
            ?? []).first { $0.name == name && $0.namespace == namespace }
        let source = kustomization?.spec["sourceRef"]
        repository = try (view.optionalList(firstOf: FluxObject.Kind.gitRepository.paths) ?? [])
            .first {
                $0.name == source?["name"]?.string
                    && $0.namespace == source?["namespace"]?.nonEmpty ?? namespace
            }
        self.kustomization = kustomization
    }

    var isSuspended: Bool { kustomization?.spec["suspend"]?.bool ?? false }

    /// How it is called in messages and commands.
    var label: String { "Kustomization \(kustomization?.qualifiedName ?? "of the environment")" }

    static func suspension(_ isSuspended: Bool, _ kustomization: JSON, _ kubectl: Kubectl)
        -> Command
    {
        kubectl.patch(
            FluxObject.Kind.kustomization.resource, kustomization.name,
            in: kustomization.namespace,
            with: JSONPatch().setting("/spec/suspend", to: .bool(isSuspended)),
            purpose: (isSuspended ? "suspend " : "resume ") + kustomization.name)
    }
}
