/// An identity file that a hop names, as far as it can be known without a passphrase.
struct IdentityCandidate: Sendable {
    let path: String
    /// `nil` when nothing shows it: an encrypted PEM file without a `.pub` beside it.
    let publicKey: PublicKey?
    /// Whether a private key is at the path. Without one, only an agent can sign.
    let hasPrivateKey: Bool
    /// Whether somebody must be asked for a passphrase before it signs.
    let isLocked: Bool

    /// Looks at a file and what stands beside it; `nil` when there is neither.
    init?(at path: String, in ring: KeyRing) throws(SSHTrouble) {
        self.path = path
        if let key = try PublicKeyFile.key(at: path) {
            // The agent's keys are named by their public halves, too.
            (publicKey, hasPrivateKey, isLocked) = (key, false, false)
            return
        }
        let file = try ring.file(at: path)
        let beside = try PublicKeyFile.key(at: "\(path).pub")
        guard file != nil || beside != nil else { return nil }
        (publicKey, hasPrivateKey) = (file?.publicKey ?? beside, file != nil)
        isLocked = file?.isEncrypted ?? false
    }
}
