extension SSHTrouble {
    /// What `ssh` complained of, in its own words.
    init(complaint: String, of route: SSHRoute) {
        let kind = Self.kinds.first { complaint.contains($0.words) }?.kind ?? .unreachable
        let lines = complaint.split(whereSeparator: \.isNewline).map(String.init)
            .filter { !$0.hasPrefix("@") && !$0.isEmpty }
        // The last line tells the result; the one with our words tells the reason.
        let reason = lines.first { line in Self.kinds.contains { line.contains($0.words) } }
        let words = reason ?? lines.last ?? "ssh ended without a word"
        self.init(kind, "\(route.destination): \(words.trimmingStop)", hint: Self.hint(kind, route))
    }

    /// What is looked for in the complaint, the telling words first.
    private static let kinds: [(words: String, kind: Kind)] = [
        ("REMOTE HOST IDENTIFICATION HAS CHANGED", .hostKeyChanged),
        ("REVOKED HOST KEY", .hostKeyChanged),
        ("is marked as revoked", .hostKeyChanged),
        ("has changed and you have requested strict checking", .hostKeyChanged),
        ("host key is known for", .hostKeyUnknown),
        ("Host key verification failed", .hostKeyUnknown),
        ("Permission denied (", .authenticationFailed),
        ("Too many authentication failures", .authenticationFailed),
        ("Unable to negotiate", .unsupported),
        ("no matching", .unsupported),
        ("Bad configuration option", .unusable),
        ("Bad owner or permissions", .unusable),
        ("terminating, ", .unusable),
        ("Session open refused by peer", .busy),
        ("Not allowed at this time", .busy),
        ("exceeded MaxStartups", .busy),
    ]

    private static func hint(_ kind: Kind, _ route: SSHRoute) -> String? {
        switch kind {
        case .hostKeyChanged:
            "make sure that the host was really given a new key, then correct known_hosts"
        case .hostKeyUnknown: "add the host's key to known_hosts, or its fingerprint to the bastion"
        case .authenticationFailed: "see which key and user the bastion expects"
        case .busy, .unreachable, .unsupported, .unusable: nil
        }
    }
}

extension String {
    fileprivate var trimmingStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
