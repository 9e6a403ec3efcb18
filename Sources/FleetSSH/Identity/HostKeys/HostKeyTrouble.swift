/// What is wrong with a host's key, in words that let an operator compare and decide.
extension SSHTrouble {
    static func changed(_ key: PublicKey, of hop: SSHHop, known: [KnownKey]) -> Self {
        let others = known.map { "\($0.key.named) (\($0.place))" }.joined(separator: ", ")
        let name = HostKeyName(hop).primary
        let file = known.first?.place.split(separator: ":").first.map(String.init) ?? ""
        return Self(
            .hostKeyChanged,
            "the host key of \(hop) has changed: it shows \(key.named), known is \(others)",
            hint: "find out why first: somebody may be in between; when the host was rebuilt, "
                + "run `ssh-keygen -R \(name.inShell) -f \(file.inShell)`")
    }

    static func revoked(_ key: PublicKey, of hop: SSHHop, at place: String) -> Self {
        Self(
            .hostKeyChanged,
            "the host key of \(hop), \(key.named), is revoked at \(place)",
            hint: "the host needs a new key, made there with `ssh-keygen -A`")
    }

    static func notPinned(_ key: PublicKey, of hop: SSHHop) -> Self {
        Self(
            .hostKeyChanged,
            "the host key of \(hop) is not the pinned one: it shows \(key.named), "
                + "pinned is \(hop.pins.joined(separator: ", "))",
            hint: "if the pin is for a key of another type, write the type in front, "
                + "such as `ssh-ed25519 SHA256:…`")
    }

    static func unknown(
        _ key: PublicKey, of hop: SSHHop, skipping flaws: [KnownHostsFile.Flaw]
    ) -> Self {
        let skipped = flaws.first.map { "; \($0.place) was skipped: \($0.reason)" } ?? ""
        return Self(
            .hostKeyUnknown,
            "no host key is known for \(hop), and it shows \(key.named)\(skipped)",
            hint: "compare that with what the host's console says; then log in once with `ssh`, "
                + "pin it with `hostKey`, or set `hostKeyPolicy: accept-new`")
    }

    static func unreadable(_ key: [UInt8], of hop: SSHHop) -> Self {
        Self(.unreachable, "\(hop) shows a host key of \(key.count) bytes that can't be read")
    }
}

extension PublicKey {
    /// Type and fingerprint, as `ssh` names a key.
    var named: String { "\(shortType) \(fingerprint)" }
}

extension String {
    fileprivate var inShell: String { "'\(self)'" }
}
