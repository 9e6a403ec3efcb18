import FleetModel

/// What came of the requests of one look.
struct ProbeAnswer: Hashable, Sendable {
    let failures: Int
    let requests: Int
    /// The last failure, in a few words; empty without one.
    let words: String

    /// Reads a line for each request, each after the words that it made curl say.
    init(_ output: String, to probe: TrafficProbe) {
        var (answered, failures, said, last) = (0, 0, "", "")
        for line in output.split(whereSeparator: \.isNewline) {
            guard line.utf8.count == 3, let status = Int(line) else {
                said = String(line)
                continue
            }
            answered += 1
            if !probe.accepts(status) {
                failures += 1
                last = status == 0 ? said : "HTTP \(status)"
            }
            said = ""
        }
        // Without curl there are words, and no lines of its.
        let missing = max(0, TrafficProbe.requests - answered)
        self.failures = failures + missing
        requests = answered + missing
        words = missing > 0 ? (said.isEmpty ? "no answer" : said) : last
    }

    init(failed words: String) {
        (failures, requests) = (TrafficProbe.requests, TrafficProbe.requests)
        self.words = words
    }

    /// Whether more requests failed than a share of them, in percent.
    func exceeds(_ percent: Int) -> Bool { failures * 100 > percent * requests }

    /// To end a sentence with that begins with the URL.
    var complaint: String { "fails, \(failures) of \(requests): \(words)" }
}
