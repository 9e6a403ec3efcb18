import FleetModel

/// Gives the environment back to git, when git says what the cluster is (B14).
///
/// ```
///   suspended ─▶ resumed ─▶ nothing changes for the hold ─▶ our values removed ─▶ done
///   from git all the while ─▶ the hold has passed since the parent changed last ─▶ done
/// ```
///
/// What is still there of our values says, after a crash too, that the hold is not over: they go
/// last. Where there are none, any other flags would have had the parent deployed once more.
struct Finish: StepRecipe {
    static let outline = StepOutline(
        "finish", title: "give the environment back to git and see that nothing changes")
    let bigBang: BigBangSituation

    var outline: StepOutline { Self.outline }
    var patience: Patience {
        Patience(timeout: .minutes(15) + bigBang.settings.finishHold * 2, poll: .seconds(5))
    }
    var lock: WriterLock? { bigBang.lock }

    private var readings: [Reading] {
        [BigBangPackages.reading, .path(ValuesDelivery.overlayPath, on: .cluster)]
            + EnvironmentSource.readings
    }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(readings)
        let packages = try BigBangPackages(view)
        let source = try EnvironmentSource(packages, view)
        try requireEnd(packages)
        guard let kustomization = source.kustomization else {
            return .done("nobody but people writes HelmRelease bigbang")
        }
        if source.isSuspended { return suspended(source) }
        let state = FluxObject(.kustomization, kustomization).state
        guard state == .ready else { return .partial("\(source.label) is \(state)") }
        let isIdle = try hasIdleOverlay(packages, view)
        let item = "git rules again"
        guard view.context.settled.contains(item) || !isIdle && hasHeld(packages, view) else {
            return .settling(item: item, for: bigBang.settings.finishHold, fingerprint: "")
        }
        guard !isIdle else { return .notDone("our values are laid over nothing") }
        return .done("\(source.label) is ready, and the packages are what they were")
    }

    /// Whether the parent was deployed last before the hold began.
    private func hasHeld(_ packages: BigBangPackages, _ view: ClusterView) -> Bool {
        guard let deployed = packages.parent.latest?.lastDeployed else { return false }
        return view.context.now >= deployed + bigBang.settings.finishHold
    }

    private func suspended(_ source: EnvironmentSource) -> Observation {
        guard bigBang.settings.valuesAreInGit else {
            return .done(
                "\(source.label) stays suspended until the values of step 2 stand in git: commit "
                    + "them, then resume it")
        }
        return .notDone("\(source.label) is suspended")
    }

    /// Values that git did not have would have brought the operator back.
    private func requireEnd(_ packages: BigBangPackages) throws(Pause) {
        guard packages.variant != .nothingToDo else { return }
        guard packages.isPastStepTwo else {
            throw .terminal(
                "the packages of the operator are back: git does not say what step 2 said. "
                    + "Suspend the Kustomization and put the values right")
        }
    }

    /// The Kustomization has taken our ConfigMap out of the parent's sources.
    private func hasIdleOverlay(
        _ packages: BigBangPackages, _ view: ClusterView
    ) throws(Pause) -> Bool {
        guard try view.object(ValuesDelivery.overlayPath) != nil else { return false }
        return !packages.parent.object.spec.items("valuesFrom").contains {
            $0["name"]?.string == ValuesDelivery.overlayName
        }
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        let source = try EnvironmentSource(BigBangPackages(view), view)
        guard let kustomization = source.kustomization, source.isSuspended else {
            return [deletion]
        }
        return [resumption(kustomization)]
    }

    private func resumption(_ kustomization: JSON) -> Command {
        EnvironmentSource.suspension(false, kustomization, bigBang.kubectl)
    }

    private var deletion: Command {
        bigBang.kubectl.delete(
            "configmap", [ValuesDelivery.overlayName], in: BigBangPackages.namespace,
            purpose: "remove the values that nobody reads any more")
    }

    var preview: StepPreview {
        let some: JSON = ["metadata": ["name": "<environment>", "namespace": "<namespace>"]]
        return StepPreview(
            reads: readings,
            acts: bigBang.settings.valuesAreInGit ? [resumption(some), deletion] : [],
            proof: bigBang.settings.valuesAreInGit
                ? "the Kustomization is ready, and for \(bigBang.settings.finishHold.short) the "
                    + "packages stay what they are"
                : "it was said that the Kustomization stays suspended")
    }
}
