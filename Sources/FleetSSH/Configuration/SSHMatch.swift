/// Whether a `Match` line holds for a host.
struct SSHMatch {
    /// What the criteria are compared with.
    struct Subject {
        /// The name after `HostName`, as far as it has been read.
        let host: String
        let originalHost: String
        let user: String
        let localUser: String
    }

    enum Answer: Hashable {
        case yes, no
        /// Only OpenSSH's program can tell, because of this criterion.
        case unknown(String)
    }

    /// Reads the criteria after `Match`, in pairs but for `all`; `nil` when one has no
    /// argument.
    static func answer(_ arguments: [String], _ subject: Subject) -> Answer? {
        var answer = Answer.yes
        var rest = arguments[...]
        while let criterion = rest.popFirst() {
            let isNegated = criterion.hasPrefix("!")
            let name = criterion.drop { $0 == "!" }.lowercased()
            if name == "all" {
                if isNegated { answer = .no }
                continue
            }
            // These two stand alone; they ask for a second reading of the files.
            if name == "canonical" || name == "final" {
                if answer == .yes { answer = isNegated ? answer : .unknown("Match \(name)") }
                continue
            }
            guard let argument = rest.popFirst() else { return nil }
            guard answer == .yes else { continue }
            answer = self.answer(name, argument, isNegated, subject)
        }
        return answer
    }

    private static func answer(
        _ name: String, _ argument: String, _ isNegated: Bool, _ subject: Subject
    ) -> Answer {
        let lowercased = argument.lowercased()
        let holds: Bool
        switch name {
        case "host": holds = matches(lowercased, subject.host.lowercased())
        case "originalhost": holds = matches(lowercased, subject.originalHost.lowercased())
        case "user": holds = matches(argument, subject.user)
        case "localuser": holds = matches(argument, subject.localUser)
        default: return .unknown("Match \(name)")
        }
        return holds != isNegated ? .yes : .no
    }

    private static func matches(_ patterns: String, _ text: String) -> Bool {
        PatternList(commaSeparated: patterns.utf8).matches(text.utf8)
    }
}
