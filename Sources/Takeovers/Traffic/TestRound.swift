import FleetModel

/// When the two revisions call one another.
enum TestRound: Hashable, Sendable {
    /// Before new pods go to the new revision.
    case beforeActivation
    /// The same where tags may lead there before anything was tried: for as long as the old
    /// control plane is there.
    case besideOld
    /// Once all workloads have moved. The old revision is called only if a namespace can still
    /// choose it.
    case afterMove

    var outline: StepOutline {
        switch self {
        case .beforeActivation, .besideOld:
            StepOutline("test-traffic", title: "call between the two revisions, with mutual TLS")
        case .afterMove:
            StepOutline(
                "test-moved-traffic", title: "call once more, with mutual TLS, now that all moved")
        }
    }

    /// Where the test namespace says what was shown.
    var recordAnnotation: String {
        switch self {
        case .beforeActivation, .besideOld: "bellwether/traffic"
        case .afterMove: "bellwether/moved-traffic"
        }
    }

    /// What has been shown in the end.
    func proof(_ move: Move) -> String {
        switch self {
        case .beforeActivation, .besideOld:
            "pods of \(move.old) and \(move.revision) reach each other's servers by mutual TLS, "
                + "and a pod without a sidecar reaches neither"
        case .afterMove:
            "pods of \(move.revision) reach each other by mutual TLS, and those of \(move.old) as "
                + "long as a namespace can choose it; a pod without a sidecar reaches nobody"
        }
    }
}
