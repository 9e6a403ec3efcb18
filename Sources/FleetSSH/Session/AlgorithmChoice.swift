import CSSH2

/// The algorithms one connection offers, by OpenSSH's names, most wanted first.
///
/// libssh2 offers SHA-1, CBC, arcfour and MD5 unless told otherwise. It ignores the
/// names it doesn't know, so the lists hold those of its later versions, too.
struct AlgorithmChoice: Hashable {
    let hostKeys: [String]
    let keyExchanges: [String]
    let ciphers: [String]
    let macs: [String]

    /// What the operator demands of what is sound; else all of it.
    ///
    /// - Throws: When nothing sound is left, for then we can't connect.
    init(for hop: SSHHop, preferred: [String]) throws(SSHTrouble) {
        let wanted = hop.algorithms
        let known = preferred.filter(Self.soundHostKeys.contains)
        let others = Self.soundHostKeys.filter { !known.contains($0) }
        func choose(
            _ demanded: [String], of sound: [String], _ what: String
        ) throws(SSHTrouble) -> [String] {
            let chosen = demanded.isEmpty ? sound : demanded.filter(sound.contains)
            guard chosen.isEmpty else { return chosen }
            throw SSHTrouble(
                .unsupported,
                "\(hop) demands a \(what) that libssh2 doesn't have: "
                    + demanded.joined(separator: ","))
        }
        hostKeys = try choose(wanted.hostKeys, of: known + others, "host key algorithm")
        keyExchanges = try choose(
            wanted.keyExchanges, of: Self.soundKeyExchanges, "key exchange")
        ciphers = try choose(wanted.ciphers, of: Self.soundCiphers, "cipher")
        macs = try choose(wanted.macs, of: Self.soundMACs, "MAC")
    }

    var methods: [(Int32, [String])] {
        [
            (LIBSSH2_METHOD_HOSTKEY, hostKeys), (LIBSSH2_METHOD_KEX, keyExchanges),
            (LIBSSH2_METHOD_CRYPT_CS, ciphers), (LIBSSH2_METHOD_CRYPT_SC, ciphers),
            (LIBSSH2_METHOD_MAC_CS, macs), (LIBSSH2_METHOD_MAC_SC, macs),
            (LIBSSH2_METHOD_COMP_CS, ["none"]), (LIBSSH2_METHOD_COMP_SC, ["none"]),
        ]
    }

    private static let soundHostKeys = [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
        "rsa-sha2-512", "rsa-sha2-256",
    ]
    private static let soundKeyExchanges = [
        "curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256",
        "ecdh-sha2-nistp384", "ecdh-sha2-nistp521", "diffie-hellman-group16-sha512",
        "diffie-hellman-group18-sha512", "diffie-hellman-group-exchange-sha256",
        "diffie-hellman-group14-sha256",
    ]
    /// Fastest first. Without ChaCha20, which Terrapin needs.
    private static let soundCiphers = ["aes128-ctr", "aes256-ctr", "aes192-ctr"]
    private static let soundMACs = ["hmac-sha2-256", "hmac-sha2-512"]
}
