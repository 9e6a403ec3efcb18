import FleetModel

/// Probes in several namespaces, asked by as few kubectls as they fit into: a hundred of them cost
/// as much as one each would for four.
///
/// What a server takes comes back as a pod that says where it belongs. What it does not take is
/// told in a line that need not say of which one, so whoever is missing is asked alone.
struct InjectionProbes {
    private let all: [InjectionProbe]
    private let kubectl: Kubectl

    init(_ all: [InjectionProbe], by kubectl: Kubectl) { (self.all, self.kubectl) = (all, kubectl) }

    typealias Answered = (probe: InjectionProbe, answer: InjectionProbe.Answer)

    /// In the order of the probes.
    func answers(_ view: ClusterView) throws(Pause) -> [Answered] {
        let batches = batches
        try view.require(batches.map(reading))
        var accepted: [String: JSON] = [:]
        for batch in batches where batch.count > 1 {
            accepted.merge(try pods(of: batch, view)) { first, _ in first }
        }
        let missing = all.filter { accepted[$0.namespace] == nil }
        try view.require(missing.map { $0.reading(kubectl) })
        var answers: [Answered] = []
        for probe in all {
            answers.append((probe, InjectionProbe.answer(try result(of: probe, accepted, view))))
        }
        return answers
    }

    private func result(
        of probe: InjectionProbe, _ accepted: [String: JSON], _ view: ClusterView
    ) throws(Pause) -> ReadResult {
        if let pod = accepted[probe.namespace] { return .found(pod) }
        return try view.result(of: probe.reading(kubectl))
    }

    /// The pods that came back, by their namespaces.
    private func pods(
        of batch: [InjectionProbe], _ view: ClusterView
    ) throws(Pause) -> [String: JSON] {
        guard case .found(let found) = try view.result(of: reading(batch)),
            let report = ToolReport(found)
        else { return [:] }
        let pods = JSON.documents(in: report.stdout).filter { !$0.namespace.isEmpty }
        return Dictionary(pods.map { ($0.namespace, $0) }) { first, _ in first }
    }

    /// One kubectl for all of a batch. Some may be refused, so whatever it ends in is an answer.
    private func reading(_ batch: [InjectionProbe]) -> Reading {
        guard batch.count > 1 else { return batch[0].reading(kubectl) }
        let list: JSON = [
            "apiVersion": "v1", "kind": "List", "items": .array(batch.map(\.placed)),
        ]
        return .trial(
            kubectl.ask(
                ["create"] + InjectionProbe.options, stdin: list.description,
                purpose: "see which injector would act in \(batch.count) namespaces"))
    }

    /// In their order, none longer than it may be. Of a namespace that is asked about twice,
    /// nobody could tell the answers apart.
    private var batches: [[InjectionProbe]] {
        guard Set(all.map(\.namespace)).count == all.count else { return all.map { [$0] } }
        var batches: [[InjectionProbe]] = []
        var size = 0
        for probe in all {
            let length = probe.placed.description.utf8.count
            if batches.isEmpty || size + length > longestList
                || batches[batches.count - 1].count == mostPods
            {
                batches.append([])
                size = 0
            }
            batches[batches.count - 1].append(probe)
            size += length
        }
        return batches
    }
}

/// In bytes. A bastion's dispatcher takes 64 KB of stdin, and anything longer costs a channel.
private let longestList = 48 << 10
/// With their sidecars they come back as 15 KB each.
private let mostPods = 100
