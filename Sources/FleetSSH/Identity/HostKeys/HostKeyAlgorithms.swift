/// The host key algorithms worth asking a server for.
///
/// A server shows the key of the first algorithm that both sides have, so that the
/// types that are known must come first: else a host would look changed that isn't.
enum HostKeyAlgorithms {
    /// OpenSSH's own order, without certificates and security keys.
    static let all = [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
        "rsa-sha2-512", "rsa-sha2-256",
    ]

    /// The algorithms that prove a key of a type.
    static func proving(_ type: String) -> [String] {
        type == "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [type]
    }

    /// Every algorithm that may be asked for, those of the known types first.
    static func preferred(knownTypes: [String], demanded: [String]) -> [String] {
        let allowed = demanded.isEmpty ? all : demanded.filter(all.contains)
        let known = knownTypes.flatMap(proving)
        return allowed.filter(known.contains) + allowed.filter { !known.contains($0) }
    }
}
