/// Why a private key file is of no use.
enum KeyFlaw: Error, Hashable {
    /// The file is no key that we know, or a broken one.
    case broken(String)
    /// The passphrase doesn't open it, or there is none.
    case locked
    /// What only OpenSSH's program can do.
    case unsupported(String)
}
