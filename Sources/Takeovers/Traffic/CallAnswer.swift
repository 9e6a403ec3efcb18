import FleetModel

/// What came of a call, as the pod that made it left it.
struct CallAnswer: Hashable, Sendable {
    /// HTTP status; 0 when there was none.
    let status: Int
    /// Whether an Envoy passed the call on and back: its own answers lack that header.
    let passedEnvoy: Bool
    /// curl's exit status.
    let exit: Int
    let words: String

    /// `nil` while the pod's container has not ended.
    init?(of pod: Pod) {
        let ended = pod.object.status.items("containerStatuses")
            .first { $0["name"]?.string == TestCall.container }?[path: ["state", "terminated"]]
        guard let ended else { return nil }
        let text = ended["message"]?.string ?? ""
        var facts: [Substring: Substring] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: " ", maxSplits: 1)
            if parts.count == 2 { facts[parts[0]] = parts[1] }
        }
        status = facts["HTTP"].flatMap { Int($0) } ?? 0
        passedEnvoy = facts["envoy"] == "yes"
        exit = facts["exit"].flatMap { Int($0) } ?? ended["exitCode"]?.int ?? -1
        words = text
    }

    /// What is wrong with the answer to a call; `nil` when it is the one that is wanted.
    func complaint(about call: TestCall) -> String? {
        call.isRefused ? intrusion : failure
    }

    private var failure: String? {
        if exit == 0, passedEnvoy, (100..<500).contains(status) { return nil }
        if words.contains("CERTIFICATE_VERIFY_FAILED") {
            return "CERTIFICATE_VERIFY_FAILED: the two revisions do not trust one another; "
                + "compare their roots and trust domains"
        }
        return told
    }

    /// curl's 52 and 56: the server hung up without an answer, as a sidecar does on whoever
    /// speaks no TLS.
    private var intrusion: String? {
        if exit == 52 || exit == 56 { return nil }
        if exit == 0, status != 0 { return "got in: HTTP \(status), so mutual TLS is not enforced" }
        return "proves nothing: \(told)"
    }

    private var told: String {
        let curl = words.split(whereSeparator: \.isNewline).first { $0.hasPrefix("curl: ") }
        if let curl { return String(curl) }
        return "HTTP \(status)\(passedEnvoy ? "" : ", not from the server"), curl exit \(exit)"
    }
}
