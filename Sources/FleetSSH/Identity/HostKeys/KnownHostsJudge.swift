import FleetModel

/// Judges host keys by pins, known hosts files and the policy of each hop.
///
/// Files are read anew for each connection: an operator who mends one while a fleet
/// is halted shouldn't have to start anything again.
public struct KnownHostsJudge: HostKeyJudge {
    private let salt: @Sendable () -> [UInt8]

    public init() { self.init(salt: KnownHostsWriter.randomSalt) }

    init(salt: @escaping @Sendable () -> [UInt8]) { self.salt = salt }

    public func preferredAlgorithms(for hop: SSHHop) async -> [String] {
        HostKeyAlgorithms.preferred(
            knownTypes: knownTypes(of: hop), demanded: hop.algorithms.hostKeys)
    }

    /// The types of the keys that would be taken; none when nothing is known.
    func knownTypes(of hop: SSHHop) -> [String] {
        // A file that can't be read is reported when the key is judged.
        let known = (try? read(hop))?.keys(of: HostKeyName(hop)) ?? []
        let pins = hop.pins.map(HostKeyPin.init)
        guard !pins.isEmpty else { return known.map(\.type) }
        let pinned = known.filter { key in pins.contains { $0.match(key) } }
        return pins.compactMap(\.type) + pinned.map(\.type)
    }

    public func judge(_ key: [UInt8], of hop: SSHHop) async throws(SSHTrouble) {
        guard let shown = PublicKey(blob: key) else { throw .unreadable(key, of: hop) }
        let known = try read(hop)
        let verdict = known.verdict(on: shown, of: HostKeyName(hop))
        if case .revoked(let place) = verdict { throw .revoked(shown, of: hop, at: place) }
        guard hop.pins.isEmpty else { return try judge(shown, byPinsOf: hop) }
        switch verdict {
        case .known, .revoked: return
        case .changed(let others): throw .changed(shown, of: hop, known: others)
        case .unknown where hop.hostKeyPolicy == .acceptNew: try remember(shown, of: hop)
        case .unknown: throw .unknown(shown, of: hop, skipping: known.flaws)
        }
    }

    /// The lines of a hop's known hosts files that can't be read, each with its place
    /// and what is wrong with it. They are skipped, as `ssh` skips them.
    public func skippedLines(of hop: SSHHop) throws(SSHTrouble) -> [String] {
        try read(hop).flaws.map { "\($0.place): \($0.reason)" }
    }

    /// What makes a key the known one: a pin, else a line of a file, as `path:number`.
    func voucher(for key: PublicKey, of hop: SSHHop) -> String? {
        if hop.pins.contains(where: { HostKeyPin($0).match(key) }) { return "hostKey" }
        // A file that can't be read was reported when the key was judged.
        return (try? read(hop))?.place(of: key, HostKeyName(hop))
    }

    private func judge(_ key: PublicKey, byPinsOf hop: SSHHop) throws(SSHTrouble) {
        let isPinned = hop.pins.contains { HostKeyPin($0).match(key) }
        if !isPinned { throw .notPinned(key, of: hop) }
    }

    private func read(_ hop: SSHHop) throws(SSHTrouble) -> KnownHosts {
        var files: [KnownHostsFile] = []
        for path in hop.knownHostsFiles {
            let bytes = try BoundedFile.contents(of: path, atMost: Self.most)
            if let bytes { files.append(KnownHostsFile(bytes, path: path)) }
        }
        return KnownHosts(files)
    }

    /// Notes the key in the first file, unless another process was quicker.
    private func remember(_ key: PublicKey, of hop: SSHHop) throws(SSHTrouble) {
        guard let path = hop.knownHostsFiles.first else {
            throw SSHTrouble(
                .unusable, "no known hosts file is set in which \(hop) could be remembered",
                hint: "set `knownHosts` of the bastion")
        }
        let writer = KnownHostsWriter(path: path, hashesNames: hop.hashesKnownHosts, salt: salt)
        switch try writer.add(key, of: HostKeyName(hop)) {
        case .known, .unknown: return
        case .changed(let others): throw .changed(key, of: hop, known: others)
        case .revoked(let place): throw .revoked(key, of: hop, at: place)
        }
    }

    /// 100,000 lines; a larger file is something else.
    private static let most = 1 << 24
}
