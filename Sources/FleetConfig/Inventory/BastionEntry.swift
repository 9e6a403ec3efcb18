import FleetModel

/// What one entry of the inventory says of a bastion.
struct BastionEntry {
    private let section: Section<BastionKey>
    private let files: any ConfigurationFiles
    private var log: MistakeLog { section.log }

    init(_ section: Section<BastionKey>, files: any ConfigurationFiles) {
        (self.section, self.files) = (section, files)
    }

    /// The bastion as far as the entry can be read; what is wrong is noted.
    func bastion(called name: BastionName) -> Bastion {
        checkHost()
        var bastion = Bastion(name, host: word(.host), port: section.number(.port, in: 1...65_535))
        takeLogin(into: &bastion)
        takeHostKeys(into: &bastion)
        takeLimits(into: &bastion)
        takeSurroundings(into: &bastion)
        return bastion
    }

    // MARK: - The way there

    private func checkHost() {
        switch (section.has(.host), section.has(.ssh)) {
        case (false, false):
            log.note(.bastionWithoutHost(section.title, at: section.location))
        case (true, true):
            log.note(.bastionWithTwoHosts(section.title, at: section.place(of: .ssh)))
        default: break
        }
    }

    private func takeLogin(into bastion: inout Bastion) {
        (bastion.sshAlias, bastion.user) = (word(.ssh), word(.user))
        bastion.identityFiles = (section.texts(.identityFiles) ?? []).map(localPath)
        bastion.certificateFile = section.text(.certificateFile).map(localPath)
        bastion.agentSocket = section.text(.agent).map { $0 == Self.none ? "" : localPath($0) }
        let via = section.text(.via).flatMap { $0 == Self.none ? nil : $0 }
        bastion.via = via.map { BastionName($0) }
    }

    /// A word that `ssh` may be given: a `-` in front would make it an option.
    private func word(_ key: BastionKey) -> String? {
        guard let text = section.text(key) else { return nil }
        let isBlank: (Unicode.Scalar) -> Bool = \.properties.isWhitespace
        if !text.hasPrefix("-"), !text.unicodeScalars.contains(where: isBlank) { return text }
        log.note(.notForSSH(key.rawValue, text, at: section.place(of: key)))
        return nil
    }

    private func localPath(_ path: String) -> String {
        files.resolve(path, from: section.location.file)
    }

    // MARK: - Host keys

    private func takeHostKeys(into bastion: inout Bastion) {
        bastion.knownHostsFiles = section.oneOrMore(.knownHosts).map { localPath($0.value) }
        bastion.hostKeyFingerprints = section.oneOrMore(.hostKey).compactMap(fingerprint)
        bastion.hostKeyPolicy = section.word(.hostKeyPolicy, of: HostKeyPolicy.self)
        if section.has(.hostKey), bastion.hostKeyPolicy == .acceptNew {
            log.note(
                .pinnedAndAccepting(section.title, at: section.place(of: .hostKeyPolicy)))
        }
    }

    private func fingerprint(_ written: Written<String>) -> String? {
        if FingerprintRule.holds(for: written.value) { return written.value }
        log.note(.badFingerprint(written.value, at: written.place))
        return nil
    }

    // MARK: - Limits

    private func takeLimits(into bastion: inout Bastion) {
        if let most = section.number(.maxConnections, in: Self.connections) {
            bastion.maxConnections = most
        }
        if let most = section.number(.channelsPerConnection, in: Self.channels) {
            bastion.channelsPerConnection = most
        }
    }

    /// Each connection costs the bastion two processes and 1.75 MB.
    private static let connections = 1...32
    /// sshd looks at every channel on each turn; beyond 250 that is what it does most.
    private static let channels = 1...250

    // MARK: - On the bastion

    private func takeSurroundings(into bastion: inout Bastion) {
        bastion.environment = section.textsByKey(.environment) ?? [:]
        checkVariables()
        let tools = section.writtenTools(.tools).compactMap { tool, path in
            toolPath(path, of: tool).map { (tool.rawValue, $0) }
        }
        bastion.tools = Dictionary(tools) { first, _ in first }
        bastion.jobsDirectory = section.written(.jobsDirectory).flatMap(jobsDirectory)
    }

    private func checkVariables() {
        guard case .mapping(let entries)? = section.node(.environment)?.content else { return }
        for entry in entries where !entry.key.isVariableName {
            log.note(.badVariable(entry.key, at: entry.keyLocation))
        }
    }

    /// A bare name such as `kubectl-1.25` is left to the search path there.
    private func toolPath(_ path: Written<String>, of tool: Tool) -> String? {
        if path.value.hasPrefix("/") || !path.value.contains("/") { return path.value }
        log.note(.relativeOnBastion(tool.rawValue, path.value, at: path.place))
        return nil
    }

    private func jobsDirectory(_ path: Written<String>) -> String? {
        if path.value.hasPrefix("/") || path.value.hasPrefix("~/") { return path.value }
        log.note(.relativeOnBastion("jobsDirectory", path.value, at: path.place))
        return nil
    }

    /// What says that there is to be no agent, or no bastion on the way.
    private static let none = InventoryDraft.noBastion
}

extension String {
    /// Whether every POSIX shell takes it for the name of a variable.
    fileprivate var isVariableName: Bool {
        let letters = utf8.map { ($0 | 0x20, $0) }
        return !isEmpty && !WholeNumber.isDigit(letters[0].1)
            && letters.allSatisfy { lower, byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lower)
                    || byte == UInt8(ascii: "_") || WholeNumber.isDigit(byte)
            }
    }
}
