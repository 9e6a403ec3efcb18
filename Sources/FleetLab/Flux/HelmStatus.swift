import FleetModel

/// What helm-controller writes into a release's status.
struct HelmStatus {
    let release: FluxRelease

    private var chartName: String { release.chartName }
    private var fullName: String { "\(release.targetSpace)/\(release.releaseName)" }

    /// Something else comes first.
    func waiting(_ reason: String, _ message: String, _ scene: inout Scene) {
        write(&scene) { status, now in
            Self.set(
                &status, now,
                [
                    Condition("Reconciling", true, "Progressing", "Fulfilling prerequisites"),
                    Condition("Ready", false, reason, message),
                ])
            release.request.answer(in: &status)
            status["observedGeneration"] = status["observedGeneration"] ?? -1
        }
    }

    func progressing(_ action: HelmAction, _ scene: inout Scene) {
        let words = "Running '\(action.verb.rawValue)' action with timeout of 10m0s"
        write(&scene) { status, now in
            Self.remove(&status, "Stalled")
            if release.request.resets { Self.forgetFailures(&status) }
            Self.set(
                &status, now,
                [
                    Condition("Reconciling", true, "Progressing", words),
                    Condition("Ready", "Unknown", "Progressing", words),
                ])
            status["observedGeneration"] = status["observedGeneration"] ?? -1
            note(action, in: &status)
        }
    }

    func succeeded(_ action: HelmAction, _ scene: inout Scene) {
        let number = release.number + 1
        let reason = action.verb == .install ? "InstallSucceeded" : "UpgradeSucceeded"
        let words =
            "Helm \(action.verb.rawValue) succeeded for release \(fullName).v\(number)"
            + " with chart \(chartName)@\(action.chartVersion)"
        write(&scene) { status, now in
            Self.remove(&status, "Reconciling", "Stalled")
            Self.set(
                &status, now,
                [
                    Condition("Ready", true, reason, words),
                    Condition("Released", true, reason, words),
                ])
            status["history"] = .array(history(adding: action, number, "deployed", now))
            Self.forgetFailures(&status)
            note(action, in: &status)
            settle(&status)
        }
    }

    /// Installs are tried again for ever, upgrades as often as the release says.
    func failed(_ action: HelmAction, _ why: String, _ scene: inout Scene) {
        let failures = release.failures + 1
        let isInstall = action.verb == .install
        let isOver = !isInstall && failures > Self.retries
        let reason = isInstall ? "InstallFailed" : "UpgradeFailed"
        let words =
            "Helm \(action.verb.rawValue) failed for release \(fullName)"
            + " with chart \(chartName)@\(action.chartVersion): \(why)"
        write(&scene) { status, now in
            Self.remove(&status, "Reconciling")
            let going =
                isOver
                ? Condition(
                    "Stalled", true, "RetriesExceeded",
                    "Failed to upgrade after \(failures) attempt(s)")
                : Condition("Reconciling", true, "ProgressingWithRetry", words)
            Self.set(
                &status, now,
                [
                    going, Condition("Ready", false, reason, words),
                    Condition("Released", false, reason, words),
                ])
            status["failures"] = .int(Int64(failures))
            status[isInstall ? "installFailures" : "upgradeFailures"] = .int(Int64(failures))
            release.request.answer(in: &status)
            note(action, in: &status)
            if isOver { status["observedGeneration"] = .int(Int64(release.object.generation)) }
        }
    }

    /// As the release asks for: three retries after the first failure.
    static let retries = 3

    func uninstallFailed(_ scene: inout Scene) {
        let version = release.history.first?["chartVersion"]?.string ?? ""
        let words =
            "Helm uninstall failed for release \(fullName).v\(release.number) with chart"
            + " \(chartName)@\(version): uninstallation completed with 1 error(s): context"
            + " deadline exceeded"
        write(&scene) { status, now in
            Self.set(&status, now, [Condition("Ready", false, "UninstallFailed", words)])
        }
    }

    /// Asked, looked, and found nothing to do.
    func unchanged(_ scene: inout Scene) {
        write(&scene) { status, now in
            Self.remove(&status, "Reconciling")
            if let released = Condition.find("Released", in: ["status": status]) {
                Self.set(
                    &status, now,
                    [
                        Condition(
                            "Ready", released["status"]?.string ?? "Unknown",
                            released["reason"]?.string ?? "", released["message"]?.string ?? "")
                    ])
            }
            settle(&status)
        }
    }

    // MARK: - Parts

    private func settle(_ status: inout JSON) {
        status["observedGeneration"] = .int(Int64(release.object.generation))
        release.request.answer(in: &status)
    }

    private func note(_ action: HelmAction, in status: inout JSON) {
        status["storageNamespace"] = .string(release.object.namespace)
        status["lastAttemptedGeneration"] = .int(Int64(action.generation))
        status["lastAttemptedRevision"] = .string(action.chartVersion)
        status["lastAttemptedConfigDigest"] = .string(action.digest)
        status["lastAttemptedReleaseAction"] = .string(action.verb.rawValue)
    }

    private func history(
        adding action: HelmAction, _ number: Int, _ state: String, _ now: LabTime
    ) -> [JSON] {
        let former = release.history.prefix(4).map { snapshot in
            var snapshot = snapshot
            if snapshot["status"] == "deployed" { snapshot["status"] = "superseded" }
            return snapshot
        }
        let first = former.last?["firstDeployed"] ?? .string(now.timestamp)
        return [
            [
                "action": .string(action.verb.rawValue), "name": .string(release.releaseName),
                "namespace": .string(release.targetSpace), "chartName": .string(chartName),
                "chartVersion": .string(action.chartVersion), "status": .string(state),
                "version": .int(Int64(number)), "configDigest": .string(action.digest),
                "firstDeployed": first, "lastDeployed": .string(now.timestamp),
            ]
        ] + former
    }

    private func write(_ scene: inout Scene, _ edit: (inout JSON, LabTime) -> Void) {
        let now = scene.now
        scene.update(release.key, status: true) { object in
            var status = object["status"] ?? [:]
            edit(&status, now)
            object["status"] = status
        }
    }

    private static func set(_ status: inout JSON, _ now: LabTime, _ conditions: [Condition]) {
        var all = status["conditions"]?.array ?? []
        for condition in conditions { condition.set(in: &all, now: now) }
        status["conditions"] = .array(all)
    }

    private static func forgetFailures(_ status: inout JSON) {
        for count in ["failures", "installFailures", "upgradeFailures"] { status[count] = nil }
    }

    private static func remove(_ status: inout JSON, _ types: String...) {
        let kept = (status["conditions"]?.array ?? []).filter {
            !types.contains($0["type"]?.string ?? "")
        }
        status["conditions"] = .array(kept)
    }
}
