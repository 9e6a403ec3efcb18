/// What a job's own file of facts says about it.
///
/// Lines are only ever appended, by the job script. A line that is cut short,
/// by a full disk or a power cut, counts as not written.
package struct JobFacts: Hashable, Sendable {
    /// The shell that claimed the job, and ends its command when it must end.
    private(set) var claim: ProcessIdentity?
    /// The boot of the host that all these processes belong to.
    private(set) var boot: String?
    /// The process that waits for the command and writes down how it ended.
    private(set) var recorder: ProcessIdentity?
    private(set) var startedAt: Duration?
    /// Why the command was stopped, if that was before it ended by itself.
    private(set) var stopReason: StopReason?
    /// What the stop found alive of the command, each as `PID NAME`.
    private(set) package var killed: [String] = []
    private(set) var end: End?
    private(set) var isStopComplete = false

    enum StopReason: String, Hashable, Sendable {
        case deadline
        case cancelled
        /// Its recorder was killed, so that nobody could learn how it would end.
        case orphaned
    }

    struct End: Hashable, Sendable {
        /// As a shell tells it: 128 and more for a signal.
        let status: Int32
        let at: Duration
    }

    package init(text: String) {
        let complete = text.lastIndex(of: "\n").map { text[..<$0] } ?? ""
        for line in complete.split(separator: "\n") {
            note(line.split(separator: " ").map(String.init))
        }
    }

    private mutating func note(_ words: [String]) {
        switch words.first {
        case "claim" where words.count == 4:
            (claim, boot) = (ProcessIdentity(words: words[1...2]), words[3])
        case "recorder": recorder = ProcessIdentity(words: words[1...])
        case "started": startedAt = words.last.flatMap(Duration.init(seconds:))
        case "stop" where end == nil && words.count == 3:
            stopReason = StopReason(rawValue: words[1])
        case "killed" where words.count > 2:
            killed.append(words.dropFirst().joined(separator: " "))
        case "ended" where words.count == 3: end = End(words: words[1...])
        case "stopped": isStopComplete = true
        default: break
        }
    }
}

extension JobFacts.End {
    fileprivate init?(words: ArraySlice<String>) {
        guard let status = words.first.flatMap({ Int32($0) }),
            let at = words.last.flatMap(Duration.init(seconds:))
        else { return nil }
        self.init(status: status, at: at)
    }
}

extension ProcessIdentity {
    fileprivate init?(words: ArraySlice<String>) {
        guard words.count == 2, let pid = words.first.flatMap({ Int32($0) }), pid > 1,
            let startTime = words.last.flatMap({ UInt64($0) })
        else { return nil }
        self.init(pid: pid, startTime: startTime)
    }
}

extension Duration {
    /// A number of seconds with two decimals, as `/proc/uptime` has it.
    fileprivate init?(seconds text: String) {
        guard let seconds = Double(text), seconds.isFinite, (0..<1e12).contains(seconds) else {
            return nil
        }
        self = .milliseconds(Int64((seconds * 1_000).rounded()))
    }
}
