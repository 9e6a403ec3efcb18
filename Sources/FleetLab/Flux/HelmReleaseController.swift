import FleetModel

/// Flux's helm-controller: installs, upgrades and uninstalls what HelmReleases ask for.
///
///     asked ▶ waits for dependencies ▶ progressing ▶ ready
///                                        │  ▲
///                                        ▼  │ again, for installs without end
///                                      failed ▶ stalled, when an upgrade failed too often
///     deleted ▶ uninstalls, waits until everything is gone ▶ gone
///
/// It doesn't look for drift: what others do to the objects of a release stays so.
/// Values are read when the release was changed or somebody asks.
struct HelmReleaseController: Controller {
    let watches = Set<String>([
        FluxKinds.releases, "deployments.apps", "services", "namespaces",
        IstioOperatorResource.resource,
    ]).union(FluxKinds.sources.values)

    /// What is under way, by uid; begun anew when it is lost.
    private var actions: [String: HelmAction] = [:]

    mutating func reconcile(_ scene: inout Scene) {
        for object in scene.list(FluxKinds.releases) {
            let release = FluxRelease(object: object, cluster: scene.store.cluster)
            if object.isTerminating {
                actions[object.uid] = nil
                uninstall(release, &scene)
            } else if !release.isSuspended {
                lead(release, &scene)
            }
        }
    }

    // MARK: - Installing and upgrading

    private mutating func lead(_ release: FluxRelease, _ scene: inout Scene) {
        keepFinalizer(of: release, &scene)
        let uid = release.object.uid
        if let action = actions[uid], !action.isOutdated(release) {
            return proceed(action, release, &scene)
        }
        actions[uid] = nil
        guard release.isAsked || isLost(release) else { return }
        let question =
            "\(uid)/\(release.object.generation)/\(release.request.token ?? "")/\(release.failures)"
        let pause = release.isRetry ? scene.pace.helmRetry : scene.pace.observation
        guard scene.waits.isOver(question, after: pause) else { return }
        begin(release, &scene)
    }

    /// Whether an action was under way that nobody leads any more.
    private func isLost(_ release: FluxRelease) -> Bool {
        let condition = Condition.find("Reconciling", in: release.object)
        return condition?["status"]?.string == "True"
    }

    private mutating func begin(_ release: FluxRelease, _ scene: inout Scene) {
        let status = HelmStatus(release: release)
        if let dependency = release.dependencies.first(where: { !isReady($0, scene) }) {
            return status.waiting(
                "DependencyNotReady",
                "dependency '\(dependency.namespace)/\(dependency.name)' is not ready", &scene)
        }
        guard let chartVersion = chartVersion(of: release, scene) else {
            return status.waiting(
                "SourceNotReady", "\(release.sourceKind) '\(release.source.name)' is not ready",
                &scene)
        }
        guard let values = HelmValues(of: release.object, in: scene.store) else {
            return status.waiting("ValuesError", "could not resolve values of the release", &scene)
        }
        guard let action = action(release, values, chartVersion) else {
            return status.unchanged(&scene)
        }
        actions[release.object.uid] = action
        status.progressing(action, &scene)
        // Where the same was under way before, its status stays as it is, and wakes nobody.
        proceed(action, release, &scene)
    }

    /// What there is to do; `nil` when nothing is.
    private func action(
        _ release: FluxRelease, _ values: HelmValues, _ version: String
    ) -> HelmAction? {
        let digest = HelmAction.digest(of: [.string(version), values.document])
        let isSame = release.attemptedDigest == digest
        // One that was left for a newer request was tried, too, and never came to its end.
        let isOpen = release.failures > 0 || !release.isInstalled || isLost(release)
        guard !isSame || isOpen || release.request.forces else { return nil }
        if isSame, release.isStalled, !release.request.forces, !release.request.resets {
            return nil
        }
        return HelmAction(
            verb: release.isInstalled ? .upgrade : .install, generation: release.object.generation,
            token: release.request.token, digest: digest, values: values, chartVersion: version,
            attempt: release.request.resets ? 0 : release.failures)
    }

    private mutating func proceed(
        _ action: HelmAction, _ release: FluxRelease, _ scene: inout Scene
    ) {
        let uid = release.object.uid
        let wait = "\(uid)/\(action.digest)/\(action.token ?? "")/\(action.attempt)"
        guard scene.waits.isOver("\(wait)/begin", after: scene.pace.helmAction) else { return }
        if scene.faults.fails(release: release.name, isReset: release.request.resets) {
            return fail(action, "context deadline exceeded", release, &scene)
        }
        if scene.faults.refusesOwnership, let words = action.refusal(release, scene.store) {
            return fail(action, words, release, &scene)
        }
        guard isApplied(action, release, &scene) else {
            scene.waits.restart("\(wait)/again")
            _ = scene.waits.isOver("\(wait)/again", after: scene.pace.createRetry)
            return
        }
        guard let pending = action.pending(release, scene.store) else {
            HelmStorage(release: release).write(
                action.inventory(release, scene.store), number: release.number + 1, &scene)
            HelmStatus(release: release).succeeded(action, &scene)
            actions[uid] = nil
            return
        }
        guard scene.waits.isOver("\(wait)/timeout", after: scene.pace.helmTimeout) else { return }
        fail(action, "timeout waiting for: [\(pending) status: 'InProgress']", release, &scene)
    }

    /// Helm applies once and then waits: what is taken away meanwhile it doesn't make again.
    private mutating func isApplied(
        _ action: HelmAction, _ release: FluxRelease, _ scene: inout Scene
    ) -> Bool {
        if action.isApplied { return true }
        let isWhole = action.apply(release, &scene)
        actions[release.object.uid]?.isApplied = isWhole
        return isWhole
    }

    /// The next try begins when the release is looked at again, a while later.
    private mutating func fail(
        _ action: HelmAction, _ why: String, _ release: FluxRelease, _ scene: inout Scene
    ) {
        let retry = "\(release.object.uid)/\(action.digest)/retry/\(release.failures)"
        guard scene.waits.isOver(retry, after: scene.pace.helmAction) else { return }
        HelmStatus(release: release).failed(action, why, &scene)
        actions[release.object.uid] = nil
    }

    private func isReady(_ key: ObjectKey, _ scene: Scene) -> Bool {
        guard let object = scene.store.get(key) else { return false }
        return FluxRelease(object: object, cluster: scene.store.cluster).isReady
    }

    private func chartVersion(of release: FluxRelease, _ scene: Scene) -> String? {
        guard let source = scene.store.get(release.source),
            SourceController.fetchesNothing(source)
                || Condition.find("Ready", in: source)?["status"]?.string == "True"
        else { return nil }
        return release.chartVersion(from: source)
    }

    private func keepFinalizer(of release: FluxRelease, _ scene: inout Scene) {
        guard !release.object.finalizers.contains(FluxKinds.finalizer) else { return }
        scene.update(release.key) { $0.finalizers.append(FluxKinds.finalizer) }
    }

    // MARK: - Uninstalling

    /// Waits for every object to go, so that a finalizer nobody clears holds it up for ever.
    private func uninstall(_ release: FluxRelease, _ scene: inout Scene) {
        let uid = release.object.uid
        guard release.object.finalizers.contains(FluxKinds.finalizer),
            scene.waits.isOver("\(uid)/uninstall", after: scene.pace.helmAction)
        else { return }
        let storage = HelmStorage(release: release)
        let objects = storage.inventory(scene.store).map(\.key)
        for key in objects.reversed() { HelmAction.remove(key, &scene) }
        let remaining = objects.filter { scene.store.get($0)?.isTerminating == true }
        guard remaining.isEmpty else {
            if scene.waits.isOver("\(uid)/uninstall/timeout", after: scene.pace.helmTimeout) {
                HelmStatus(release: release).uninstallFailed(&scene)
            }
            return
        }
        storage.forget(&scene)
        scene.update(release.key) { $0.finalizers.removeAll { $0 == FluxKinds.finalizer } }
    }
}
