import Foundation

/// What the files of a hop tell of the need for OpenSSH's program.
enum OpenSSHReasons {
    static func reasons(of hop: SSHHop) -> [String] {
        certificates(hop) + securityKeys(hop) + hostKeys(hop) + algorithms(hop)
    }

    /// Whoever has a certificate means to log in with it.
    private static func certificates(_ hop: SSHHop) -> [String] {
        let paths = hop.certificateFiles + hop.identityFiles.map { "\($0)-cert.pub" }
        return paths.compactMap { path in
            guard let key = key(at: path), let certificate = UserCertificate(key),
                certificate.signer == nil
            else { return nil }
            return "\(path) is of type \(certificate.type)"
        }
    }

    /// A security key is a reason when there is no other key to try.
    private static func securityKeys(_ hop: SSHHop) -> [String] {
        let keys = hop.identityFiles.compactMap { path in key(at: "\(path).pub").map { (path, $0) }
        }
        let others = keys.filter { !$0.1.type.hasPrefix("sk-") }
        guard others.isEmpty, hop.agentSocket == nil else { return [] }
        return keys.map { path, key in "\(path) is of type \(key.type)" }
    }

    /// libssh2 1.10 proves RSA host keys with SHA-1 alone, which servers refuse.
    private static func hostKeys(_ hop: SSHHop) -> [String] {
        let types = KnownHostsJudge().knownTypes(of: hop)
        return !types.isEmpty && types.allSatisfy { $0 == "ssh-rsa" }
            ? ["only an RSA host key is known of \(hop.host)"] : []
    }

    private static func algorithms(_ hop: SSHHop) -> [String] {
        let demands = [
            ("HostKeyAlgorithms", hop.algorithms.hostKeys, LibSSH2Abilities.hostKeys),
            ("KexAlgorithms", hop.algorithms.keyExchanges, LibSSH2Abilities.keyExchanges),
            ("Ciphers", hop.algorithms.ciphers, LibSSH2Abilities.ciphers),
            ("MACs", hop.algorithms.macs, LibSSH2Abilities.macs),
        ]
        return demands.compactMap { keyword, demanded, able in
            demanded.isEmpty || demanded.contains(where: able.contains)
                ? nil : "\(keyword) \(demanded.joined(separator: ","))"
        }
    }

    private static func key(at path: String) -> PublicKey? {
        // A file that can't be read is reported when somebody wants to log in with it.
        (try? PublicKeyFile.key(at: path)) ?? nil
    }
}

extension String {
    /// Whether it is one of the names under which `ssh` looks for keys unasked.
    var hasUsualKeyName: Bool {
        ["rsa", "ecdsa", "ecdsa_sk", "ed25519", "ed25519_sk"].contains {
            hasSuffix("/.ssh/id_\($0)")
        }
    }

    var isThere: Bool { access(self, F_OK) == 0 }
}
