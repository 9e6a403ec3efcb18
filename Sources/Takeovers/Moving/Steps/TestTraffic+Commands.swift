import FleetModel

/// What the test makes, puts on record and removes.
extension TestTraffic {
    var ground: Command {
        application(
            of: TestManifest(move, side: move.oldSide).ground
                + [move.newSide, move.oldSide].map(policy),
            purpose: "create the old side of the test, and demand mutual TLS")
    }

    /// Comes last, and only if nothing of the ground is missing: by it the whole is known to be
    /// there.
    var serving: Command {
        application(
            of: [TestManifest(move, side: move.oldSide).server],
            purpose: "have the old side of the test answer")
    }

    var strictness: Command {
        application(of: [policy(move.newSide)], purpose: "demand mutual TLS of the new side")
    }

    func calls(reachingOld: Bool) -> Command {
        application(
            of: TestCall.all(reachingOld: reachingOld).map { $0.pod(move) },
            purpose: reachingOld ? "call between the revisions" : "call within \(move.revision)")
    }

    private func application(of items: [JSON], purpose: String) -> Command {
        let list: JSON = ["apiVersion": "v1", "kind": "List", "items": .array(items)]
        return move.kubectl.change(
            ["apply", "-f", "-"], stdin: list.description, purpose: purpose)
    }

    private static let policyName = "bellwether-strict"

    private func policy(_ side: TestSide) -> JSON {
        [
            "apiVersion": "security.istio.io/v1beta1", "kind": "PeerAuthentication",
            "metadata": [
                "name": .string(Self.policyName), "namespace": .string(side.namespace),
            ],
            "spec": ["mtls": ["mode": "STRICT"]],
        ]
    }

    var recording: Command {
        move.kubectl.change(
            [
                "annotate", "namespace", move.newSide.namespace,
                "\(round.recordAnnotation)=\(record)", "--overwrite",
            ], purpose: "put on record that the traffic was tested")
    }

    /// What the record says: another target, or another old revision, is another test.
    var record: String { "\(move.old) and \(move.revision) \(move.version)" }

    func podRemoval(in side: TestSide) -> Command {
        let calls = TestCall.allCases.filter { $0.from(move) == side }
        return move.kubectl.delete(
            "pod", calls.map(\.name), in: side.namespace, purpose: "remove the calling pods")
    }

    var removal: [Command] {
        [
            podRemoval(in: move.newSide),
            move.kubectl.delete(
                "peerauthentications.security.istio.io", [Self.policyName],
                in: move.newSide.namespace, purpose: "let the test namespace do without mutual TLS"
            ),
            move.kubectl.delete(
                "namespace", [move.oldSide.namespace], purpose: "remove the old side of the test"),
        ]
    }
}
