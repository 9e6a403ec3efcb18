import FleetModel

/// How a stage's values get to the parent release.
///
/// ```
///   override   a ConfigMap of ours is the last of the parent's valuesFrom; the Kustomization
///              that would take it out again is suspended
///   hook       a command of the operator's commits them; Flux is asked to fetch, and the parent
///              to read what was fetched: nothing else may have changed in its spec
/// ```
struct ValuesDelivery: Sendable {
    let stage: ValuesStage
    let bigBang: BigBangSituation

    static let overlayName = "fleet-istio-migration"

    private var kubectl: Kubectl { bigBang.kubectl }
    private var namespace: String { BigBangPackages.namespace }
    var request: FluxRequest { FluxRequest(token: bigBang.token(stage.rawValue)) }
    /// For a parent that Flux has given up with the new values.
    var chance: SecondChance { SecondChance(stage.rawValue, bigBang) }

    static var overlayPath: String { APIPath.configMap(overlayName, in: BigBangPackages.namespace) }

    var readings: [Reading] {
        [BigBangPackages.reading, .path(Self.overlayPath, on: .cluster)]
            + EnvironmentSource.readings
    }

    // MARK: - Whether it was done

    /// How far it has come.
    func progress(
        _ packages: BigBangPackages, _ view: ClusterView
    ) throws(Pause) -> HookProgress.State {
        try view.require(readings)
        let source = try EnvironmentSource(packages, view)
        switch bigBang.settings.delivery {
        case .override: return try isLaid(packages, source, view) ? .made : .toRun
        case .hook: return try hookProgress(packages, source).state(view)
        }
    }

    /// Whether our values lie over all others, and Flux was told.
    private func isLaid(
        _ packages: BigBangPackages, _ source: EnvironmentSource, _ view: ClusterView
    ) throws(Pause) -> Bool {
        let overlay = try view.object(Self.overlayPath)
        return source.isSuspended == (source.kustomization != nil)
            && overlay?[path: ["data", "values.yaml"]]?.string == text(packages)
            && Self.isLast(in: packages.parent.object) && isRead(packages.parent)
    }

    private func hookProgress(
        _ packages: BigBangPackages, _ source: EnvironmentSource
    ) -> HookProgress {
        HookProgress(delivery: self, packages: packages, source: source)
    }

    /// Whether the parent was asked to read them.
    func isRead(_ parent: HelmRelease) -> Bool {
        request.isMade(of: parent.object) || chance.isGiven(to: parent)
    }

    /// How the parent stands since it was told.
    func state(_ packages: BigBangPackages) -> FluxState {
        let parent = packages.parent
        return chance.isGiven(to: parent)
            ? chance.state(of: parent) : request.state(of: parent.object)
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
        stage.values(for: packages).description
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
        if chance.isDue(for: packages.parent) { return [chance.command(packages.parent.name)] }
        let source = try EnvironmentSource(packages, view)
        switch bigBang.settings.delivery {
        case .override: return overriding(packages, source)
        case .hook:
            let progress = hookProgress(packages, source)
            if try progress.state(view) == .toRead { return [reconciliation] }
            return [hook(text(packages))] + fetching(source, progress.fetch)
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
    private func hook(_ values: String) -> Command {
        Command(
            bigBang.settings.hook + [bigBang.situation.cluster.name.rawValue, stage.rawValue],
            stdin: values, deadline: .minutes(10), isMutating: true,
            purpose: "commit the values of \(stage.rawValue)")
    }

    private func fetching(_ source: EnvironmentSource, _ request: FluxRequest) -> [Command] {
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
            let fetch = FluxRequest(token: request.token + "-from-<revision>")
            return [hook(stage.values(.crdsAndIstiod).description)]
                + kinds.map { fetch.command($0, some.name, in: some.namespace, kubectl) }
                + [reconciliation]
        }
    }
}
