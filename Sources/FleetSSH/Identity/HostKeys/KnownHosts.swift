/// What several known hosts files say of hosts, by OpenSSH's rules.
///
/// libssh2 has its own reading of such files, which doesn't know `@revoked`,
/// wildcards or negation, and takes the plain host's key for another port's. Where
/// this one differs from OpenSSH it is stricter: a key that is revoked for the plain
/// name is revoked on every port.
struct KnownHosts: Hashable, Sendable {
    private let entries: [KnownHostsFile.Entry]
    /// The lines that were skipped.
    let flaws: [KnownHostsFile.Flaw]

    init(_ files: [KnownHostsFile]) {
        entries = files.flatMap(\.entries)
        flaws = files.flatMap(\.flaws)
    }

    func verdict(on key: PublicKey, of name: HostKeyName) -> HostKeyVerdict {
        if let place = revocation(of: key, name) { return .revoked(place: place) }
        let known = known(by: name.primary)
        if known.contains(where: { $0.line.key == key }) { return .known }
        guard known.isEmpty else {
            return .changed(known.map { KnownKey(key: $0.line.key, place: $0.place) })
        }
        let isKnownPlainly = name.fallback.map { plain in
            self.known(by: plain).contains { $0.line.key == key }
        }
        return isKnownPlainly == true ? .known : .unknown
    }

    /// The keys known of a host, in the order of the files.
    func keys(of name: HostKeyName) -> [PublicKey] {
        let names = name.all.lazy.map { known(by: $0) }
        return (names.first { !$0.isEmpty } ?? []).map(\.line.key)
    }

    /// The line by which a key is known, if it is: `path:number`.
    func place(of key: PublicKey, _ name: HostKeyName) -> String? {
        name.all.lazy.compactMap { name in
            self.known(by: name).first { $0.line.key == key }?.place
        }.first
    }

    private func known(by name: String) -> [KnownHostsFile.Entry] {
        entries.filter { $0.line.marker == .known && $0.line.names.match(name) }
    }

    private func revocation(of key: PublicKey, _ name: HostKeyName) -> String? {
        entries.first { entry in
            entry.line.marker == .revoked && entry.line.key == key
                && name.all.contains(where: entry.line.names.match)
        }?.place
    }
}

/// What known hosts files say of a key that a host shows.
enum HostKeyVerdict: Hashable, Sendable {
    case known
    /// Nothing is known of the host.
    case unknown
    /// Other keys are known of the host, and not this one.
    case changed([KnownKey])
    case revoked(place: String)
}

/// A key and the line that knows it, as `path:number`.
struct KnownKey: Hashable, Sendable {
    let key: PublicKey
    let place: String
}
