public import FleetModel

/// What kubectl's failure means. It exits with 1 for nearly everything, so its
/// words have to be read; they are those of kubectl 1.20 to 1.32.
public enum KubectlFailure: Hashable, Sendable {
    /// The object, or its kind, does not exist.
    case notFound
    /// Somebody else wrote first; read again and decide again.
    case conflict(String)
    /// The API server could not be reached, or gave no answer in time.
    case unreachable(String)
    /// The server had a bad moment; the same call may succeed.
    case transient(String)
    /// Our credentials or rights don't suffice, or the context is wrong.
    case forbidden(String)
    /// The server understood and said no.
    case refused(String)
    /// The command was not run at all.
    case unavailable(String)
    /// The command was not run: what answers is not the host that we know.
    case untrusted(String)

    /// The failure of a command, whose tool is named where that says nothing itself.
    public init(_ result: CommandResult, of command: Command) {
        let tool = command.argv[0]
        switch result.ending {
        case .exited: self = .init(saying: result.stderrText, by: tool)
        case .signalled, .cancelled: self = .transient("\(tool) ended by \(result.ending)")
        case .timedOut: self = .unreachable("\(tool) gave no answer in time")
        case .lost(let reason): self = .transient("\(tool) was lost: \(reason)")
        case .notStarted(let reason): self = .unavailable(reason)
        case .unreachable(let reason): self = .unreachable(reason)
        case .untrusted(let reason): self = .untrusted(reason)
        }
    }

    private init(saying stderr: String, by tool: String) {
        let words = stderr.lastTellingLine ?? "\(tool) failed without a word"
        let meaning = meanings.first { meaning in
            meaning.phrases.contains { stderr.contains($0) }
        }
        self = meaning?.make(words) ?? .refused(words)
    }

    public var words: String {
        switch self {
        case .notFound: "not found"
        case .conflict(let words), .unreachable(let words), .transient(let words),
            .forbidden(let words), .refused(let words), .unavailable(let words),
            .untrusted(let words):
            words
        }
    }
}

private struct Meaning: Sendable {
    let make: @Sendable (String) -> KubectlFailure
    let phrases: [String]
}

/// In the order they are tried: a webhook that cannot be reached is a refusal
/// of the server that was reached, and an unreachable server is no conflict.
private let meanings = [
    Meaning(make: { .refused($0) }, phrases: ["failed calling webhook", "admission webhook"]),
    Meaning(
        make: { .unreachable($0) },
        phrases: [
            "Unable to connect to the server", "was refused - did you specify",
            "i/o timeout", "TLS handshake timeout", "connection reset by peer",
            "no route to host", "context deadline exceeded", "Client.Timeout exceeded",
            "net/http: request canceled", ": EOF", "unexpected EOF",
            "http2: client connection lost",
        ]),
    Meaning(
        make: { .forbidden($0) },
        phrases: [
            "forbidden: User \"", "(Unauthorized)", "must be logged in", "error: context ",
            "no context exists with the name", "invalid configuration",
        ]),
    // Said by admission, not by RBAC: a quota, a policy, a namespace on its way out.
    Meaning(make: { .refused($0) }, phrases: ["(Forbidden)"]),
    Meaning(
        make: { .conflict($0) },
        phrases: [
            "(Conflict)", "(AlreadyExists)", "the object has been modified",
            "The request is invalid", "the server rejected our request due to an error",
            "restart has already been triggered within the past second", "empty patch",
            "another operation (install/upgrade/rollback) is in progress",
            // Somebody else took the last pod that may be missed: the budget is read again.
            "violate the pod's disruption budget",
        ]),
    Meaning(
        make: { _ in .notFound },
        phrases: [
            "(NotFound)", "could not find the requested resource",
            "doesn't have a resource type", "no matches for kind", "release: not found",
        ]),
    Meaning(
        make: { .transient($0) },
        phrases: [
            "(TooManyRequests)", "(ServiceUnavailable)", "(Timeout)", "(ServerTimeout)",
            "(InternalError)", "etcdserver:", "currently unable to handle the request",
            "timed out waiting",
            // The kubeconfig is not there, or half written: whoever renews it may be at it.
            "error: stat ", "error loading config file",
        ]),
]

extension String {
    /// The line that says what went wrong: the last that is no warning.
    fileprivate var lastTellingLine: String? {
        let lines = split(whereSeparator: \.isNewline).map(String.init)
        return lines.last { !$0.hasPrefix("Warning:") && !$0.isEmpty }
    }
}
