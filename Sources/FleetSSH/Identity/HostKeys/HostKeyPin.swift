/// A fingerprint of the only host key to be taken, perhaps with the key's type.
struct HostKeyPin: Hashable, Sendable {
    let type: String?
    let fingerprint: String

    /// Takes `SHA256:…` or `ssh-ed25519 SHA256:…`.
    init(_ text: String) {
        let words = text.split(separator: " ")
        type = words.count > 1 ? words.first.map(String.init) : nil
        fingerprint = words.last.map(String.init) ?? ""
    }

    func match(_ key: PublicKey) -> Bool {
        key.fingerprint == fingerprint && (type == nil || type == key.type)
    }
}
