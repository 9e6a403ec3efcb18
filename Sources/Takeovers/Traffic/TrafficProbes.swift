import FleetModel

/// The probes of a takeover, on one cluster.
struct TrafficProbes: Sendable {
    private let situation: Situation
    private let probes: [TrafficProbe]
    /// How many of a look's requests may fail, in percent.
    let budget: Int

    init(_ move: Move) {
        situation = move.situation
        probes = move.settings.probes
        budget = move.settings.probeErrors
    }

    /// What was asked, and what came of it.
    struct Look: Sendable {
        let answers: [(url: String, answer: ProbeAnswer)]
        let budget: Int

        /// The URLs that failed too often, with a word on each.
        var failures: [(url: String, words: String)] {
            answers.filter { $0.answer.exceeds(budget) }.map { ($0.url, $0.answer.complaint) }
        }
    }

    /// Asks all of them. A gateway that has no address yet is left out.
    func look(_ view: ClusterView) throws(Pause) -> Look {
        try ask(try questions(view, probes), view)
    }

    /// Asks those that go through one gateway, which has its address.
    func look(through gateway: String, _ view: ClusterView) throws(Pause) -> Look {
        try ask(try questions(view, probes.filter { $0.gateway == gateway }), view)
    }

    /// Asks those that name their gateway, and so don't depend on where names lead.
    func look(throughGateways view: ClusterView) throws(Pause) -> Look {
        try ask(try questions(view, probes.filter { $0.gateway != nil }), view)
    }

    private typealias Question = (probe: TrafficProbe, reading: Reading)

    private func ask(_ questions: [Question], _ view: ClusterView) throws(Pause) -> Look {
        // What is asked for together is read together.
        try view.require(questions.map(\.reading))
        var answers: [(String, ProbeAnswer)] = []
        for (probe, reading) in questions {
            answers.append((probe.url, probe.answer(try view.result(of: reading))))
        }
        return Look(answers: answers, budget: budget)
    }

    private func questions(
        _ view: ClusterView, _ probes: [TrafficProbe]
    ) throws(Pause) -> [Question] {
        try view.require(probes.compactMap(\.gateway).map(Self.path))
        var questions: [Question] = []
        for written in probes {
            let probe = try written.filled(for: situation)
            var address: String?
            if let gateway = probe.gateway {
                address = try view.object(Self.path(of: gateway))?.loadBalancerAddress
                guard address != nil else { continue }
            }
            questions.append((probe, probe.reading(at: address, from: situation.cluster)))
        }
        return questions
    }

    private static func path(of gateway: String) -> String {
        let parts = gateway.split(separator: "/").map(String.init)
        return Move.servicePath(parts.last ?? "", in: parts.first ?? "")
    }

    /// What a plan can show of it: where a gateway's address is, only the cluster knows.
    var previewed: [Reading] {
        probes.compactMap { probe in
            // What can't be filled in fails in the step, with a reason.
            guard let filled = try? probe.filled(for: situation) else { return nil }
            return filled.reading(
                at: filled.gateway.map { "<address of \($0)>" }, from: situation.cluster)
        }
    }
}
