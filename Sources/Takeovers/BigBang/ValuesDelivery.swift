import FleetModel

/// How a stage's values get to the parent release.
///
/// ```
///   override   a ConfigMap of ours is the last of the parent's valuesFrom; the Kustomization
///              that would take it out again is suspended
///   hook       a command of the operator's commits them; Flux is asked to fetch
/// ```
struct ValuesDelivery: Sendable {
    let stage: ValuesStage
    let bigBang: BigBangSituation

    static let overlayName = "fleet-istio-migration"

    private var kubectl: Kubectl { bigBang.kubectl }
    private var namespace: String { BigBangPackages.namespace }
    private var request: FluxRequest { FluxRequest(token: bigBang.token(stage.rawValue)) }

    static var overlayPath: String { APIPath.configMap(overlayName, in: BigBangPackages.namespace) }

    var readings: [Reading] {
        [BigBangPackages.reading, .path(Self.overlayPath, on: .cluster)]
            + EnvironmentSource.readings
    }

    // MARK: - Whether it was done

    /// Whether everything there is to do has been done, and Flux was told.
    func isMade(_ packages: BigBangPackages, _ view: ClusterView) throws(Pause) -> Bool {
        try view.require(readings)
        let source = try EnvironmentSource(packages, view)
        switch bigBang.settings.delivery {
        case .override:
            let overlay = try view.object(Self.overlayPath)
            return source.isSuspended == (source.kustomization != nil)
                && overlay?[path: ["data", "values.yaml"]]?.string == text(packages)
                && Self.isLast(in: packages.parent.object)
                && request.isMade(of: packages.parent.object)
        case .hook: return source.repository.map(request.isMade) ?? false
        }
    }

    /// How the parent stands since it was told.
    func state(_ packages: BigBangPackages) -> FluxState {
        guard bigBang.settings.delivery == .override else { return packages.parent.state }
        return FluxObject(.helmRelease, packages.parent.object).state(since: request.token)
    }

    /// What would keep the values from having any effect.
    func obstacle(_ packages: BigBangPackages, _ view: ClusterView) throws(Pause) -> String? {
        let source = try EnvironmentSource(packages, view)
        switch bigBang.settings.delivery {
        case .hook:
            if source.repository == nil { return "no GitRepository feeds the parent release" }
            return source.isSuspended
                ? "\(source.label) is suspended, so that nothing would come from git" : nil
        case .override:
            let inline = packages.parent.object.spec["values"]?.object ?? [:]
            let rivals = (stage.values(packages.variant).object ?? [:]).keys.sorted()
                .filter { inline[$0]?["enabled"] != nil }
            guard let rival = rivals.first else { return nil }
            return "spec.values of HelmRelease bigbang says \(rival).enabled itself, which beats "
                + "every other source"
        }
    }

    private func text(_ packages: BigBangPackages) -> String {
        stage.values(packages.variant).description
    }

    private static func position(in parent: JSON) -> Int? {
        parent.spec.items("valuesFrom").firstIndex {
            $0["kind"]?.string == "ConfigMap" && $0["name"]?.string == overlayName
        }
    }

    /// Later sources win, so ours has to come last.
    private static func isLast(in parent: JSON) -> Bool {
        position(in: parent) == parent.spec.items("valuesFrom").count - 1
    }

    // MARK: - Doing it

    func commands(_ packages: BigBangPackages, _ view: ClusterView) throws(Pause) -> [Command] {
        let source = try EnvironmentSource(packages, view)
        switch bigBang.settings.delivery {
        case .override: return overriding(packages, source)
        case .hook: return [hook(packages.variant)] + fetching(source)
        }
    }

    private func overriding(_ packages: BigBangPackages, _ source: EnvironmentSource) -> [Command] {
        var commands: [Command] = []
        if let kustomization = source.kustomization, !source.isSuspended {
            commands.append(EnvironmentSource.suspension(true, kustomization, kubectl))
        }
        commands.append(overlay(text(packages)))
        if !Self.isLast(in: packages.parent.object) {
            commands.append(naming(in: packages.parent.object))
        }
        return commands + [reconciliation]
    }

    private func overlay(_ text: String) -> Command {
        let map: JSON = [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": .string(Self.overlayName), "namespace": .string(namespace)],
            "data": ["values.yaml": .string(text)],
        ]
        return kubectl.change(
            ["apply", "-f", "-"], stdin: map.description,
            purpose: "write the values of \(stage.rawValue)")
    }

    /// Appends our ConfigMap to the parent's sources, and takes it from where it stood.
    private func naming(in parent: JSON) -> Command {
        var patch = JSONPatch.against(resourceVersion: parent.resourceVersion)
        if parent.spec["valuesFrom"]?.array == nil {
            patch = patch.setting("/spec/valuesFrom", to: [])
        } else if let position = Self.position(in: parent) {
            patch = patch.removing("/spec/valuesFrom/\(position)")
        }
        let entry: JSON = [
            "kind": "ConfigMap", "name": .string(Self.overlayName), "valuesKey": "values.yaml",
        ]
        return kubectl.patch(
            FluxObject.Kind.helmRelease.resource, parent.name, in: namespace,
            with: patch.setting("/spec/valuesFrom/-", to: entry),
            purpose: "lay our values over the others")
    }

    private var reconciliation: Command {
        request.command(.helmRelease, "bigbang", in: namespace, kubectl)
    }

    /// The operator's own command, here and not on a bastion: it is told the cluster and the
    /// stage, and reads the values.
    private func hook(_ variant: BigBangVariant) -> Command {
        Command(
            bigBang.settings.hook + [bigBang.situation.cluster.name.rawValue, stage.rawValue],
            stdin: stage.values(variant).description, deadline: .minutes(10), isMutating: true,
            purpose: "commit the values of \(stage.rawValue)")
    }

    private func fetching(_ source: EnvironmentSource) -> [Command] {
        let objects = [
            (FluxObject.Kind.gitRepository, source.repository),
            (.kustomization, source.kustomization),
        ]
        return objects.compactMap { kind, object in
            object.map { request.command(kind, $0.name, in: $0.namespace, kubectl) }
        }
    }

    /// What would lay the values of before over all others again, while there is a way back.
    var compensation: [Command] {
        guard bigBang.settings.delivery == .override else { return [] }
        return [overlay(stage.valuesBefore(.crdsAndIstiod).description), reconciliation]
    }

    /// The commands as `--explain` shows them, where only the cluster knows the rest.
    var preview: [Command] {
        let some: JSON = [
            "metadata": ["name": "<environment>", "namespace": "<namespace>"], "spec": [:],
        ]
        switch bigBang.settings.delivery {
        case .override:
            let parent: JSON = [
                "metadata": ["name": "bigbang", "resourceVersion": "<resourceVersion>"],
                "spec": ["valuesFrom": []],
            ]
            return [
                EnvironmentSource.suspension(true, some, kubectl),
                overlay(stage.values(.crdsAndIstiod).description), naming(in: parent),
                reconciliation,
            ]
        case .hook:
            let kinds = [FluxObject.Kind.gitRepository, .kustomization]
            return [hook(.crdsAndIstiod)]
                + kinds.map {
                    request.command($0, some.name, in: some.namespace, kubectl)
                }
        }
    }
}
