import FleetModel

extension SSHHop {
    /// A hop as the SSH configuration alone has it.
    init(_ settings: SSHSettings, _ query: SSHQuery) {
        self.init(host: settings.hostName, port: settings.port, user: settings.user)
        hostKeyAlias = settings.hostKeyAlias
        (knownHostsFiles, hostKeyPolicy) = (settings.knownHostsFiles, settings.hostKeyPolicy)
        hashesKnownHosts = settings.hashesKnownHosts
        (identityFiles, certificateFiles) = (settings.identityFiles, settings.certificateFiles)
        (agentSocket, identitiesOnly) = (settings.agentSocket, settings.identitiesOnly)
        if let timeout = settings.connectTimeout { connectTimeout = timeout }
        (algorithms, needsOpenSSH) = (settings.algorithms, settings.needsOpenSSH)
        // Only where `ssh` must read its own files for what nothing here can hold.
        alias = needsOpenSSH.isEmpty ? nil : query.name
    }

    /// `via` says how the host is reached, whatever the configuration has.
    mutating func forgetProxyCommand() {
        needsOpenSSH.removeAll { $0 == "ProxyCommand" }
        if needsOpenSSH.isEmpty { alias = nil }
    }

    /// Puts what the inventory says of a bastion over what the configuration says.
    mutating func take(_ bastion: Bastion) {
        if !bastion.knownHostsFiles.isEmpty { knownHostsFiles = bastion.knownHostsFiles }
        hostKeyPolicy = bastion.hostKeyPolicy ?? hostKeyPolicy
        pins = bastion.hostKeyFingerprints
        if !bastion.identityFiles.isEmpty {
            // Keys that are named are meant: others would only use up the host's patience.
            (identityFiles, identitiesOnly) = (bastion.identityFiles, true)
        }
        if let certificate = bastion.certificateFile { certificateFiles = [certificate] }
        if let socket = bastion.agentSocket { agentSocket = socket.isEmpty ? nil : socket }
        alias = bastion.sshAlias ?? alias
    }

    /// The hop without the usual keys that aren't there, and with what files tell of
    /// the need for OpenSSH.
    func completed() -> SSHHop {
        var hop = self
        hop.identityFiles = identityFiles.filter { path in
            !path.hasUsualKeyName || path.isThere || "\(path).pub".isThere
        }
        hop.needsOpenSSH += OpenSSHReasons.reasons(of: hop)
        return hop
    }
}
