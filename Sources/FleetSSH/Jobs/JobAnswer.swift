import FleetModel
import FleetRunner

/// What a bastion says of one job.
struct JobAnswer: Sendable {
    enum Kind: Hashable, Sendable {
        /// The script isn't there; nothing was done.
        case absent
        /// Nothing was started, for this reason.
        case refused(String)
        case unknown
        /// It is being claimed, or runs.
        case open
        case over(CommandResult)
    }

    let kind: Kind

    init(_ answer: LineAnswer, of command: String, on bastion: Bastion) {
        let words = answer.ending
        switch words.first {
        case "absent": kind = .absent
        case "refused":
            kind = .refused(Self.refusal(words.dropFirst(), answer.noise, command, bastion))
        case "unknown": kind = .unknown
        case "ended", "abandoned", "lost": kind = .over(Self.result(answer, words.first ?? ""))
        default: kind = .open
        }
    }

    private static func result(_ answer: LineAnswer, _ state: String) -> CommandResult {
        let facts = JobFacts(text: answer.section("facts")?.text ?? "")
        let (output, errors) = (answer.section("out"), answer.section("err"))
        switch state {
        case "lost": return CommandResult(.lost(JobFacts.lossReason))
        case "abandoned": return CommandResult(.notStarted(facts.abandonment))
        default:
            var result = CommandResult(
                facts.ending, stdout: output?.bytes ?? [], stderr: errors?.bytes ?? [],
                isTruncated: output?.isTruncated ?? false || errors?.isTruncated ?? false,
                duration: facts.duration)
            result.killed = facts.killed
            return result
        }
    }

    private static func refusal(
        _ words: ArraySlice<String>, _ noise: String, _ command: String, _ bastion: Bastion
    ) -> String {
        let name = "bastion \(bastion.name.rawValue.quoted)"
        let why = noise.isEmpty ? "" : ": \(noise)"
        switch words.first {
        case "missing": return bastion.lacks(command)
        case "tool": return "\(name) lacks \(words.last ?? ""), which durable jobs need"
        case "short": return "its stdin did not reach \(name) whole"
        case "gone": return "a job of that id was run and acknowledged on \(name) before"
        case "proc": return "\(name) has no /proc, which durable jobs need"
        default: return "the jobs directory of \(name) can't be written to\(why)"
        }
    }
}
