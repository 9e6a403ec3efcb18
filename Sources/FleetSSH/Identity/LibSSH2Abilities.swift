/// What the libssh2 of Debian 12 can log in with (measured: ed25519 and RSA
/// certificates fail, security keys aren't known).
enum LibSSH2Abilities {
    private static let keyTypes: Set<String> = [
        "ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384",
        "ecdsa-sha2-nistp521",
    ]

    /// Without what nobody should use any more: SHA-1, CBC, arcfour.
    static let hostKeys = [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
    ]
    static let keyExchanges = [
        "curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256",
        "ecdh-sha2-nistp384", "ecdh-sha2-nistp521", "diffie-hellman-group-exchange-sha256",
        "diffie-hellman-group16-sha512", "diffie-hellman-group18-sha512",
        "diffie-hellman-group14-sha256",
    ]
    static let ciphers = ["aes128-ctr", "aes192-ctr", "aes256-ctr"]
    static let macs = ["hmac-sha2-256", "hmac-sha2-512"]

    static func canOffer(_ key: PublicKey) -> Bool {
        UserCertificate(key).map { $0.signer != nil } ?? keyTypes.contains(key.type)
    }

    /// The algorithm with which a key signs. RSA has two, and every server that takes
    /// RSA at all has had both since OpenSSH 7.2.
    static func algorithm(of key: PublicKey) -> String {
        key.type == "ssh-rsa" ? "rsa-sha2-512" : key.type
    }

    /// The key as it is offered: an RSA key is named by the algorithm it signs with.
    static func offer(_ key: PublicKey) -> [UInt8] {
        guard key.type == "ssh-rsa" else { return key.blob }
        return algorithm(of: key).wireString + key.blob.dropFirst("ssh-rsa".wireString.count)
    }
}
