/// Decides whether a host is the one it says it is.
///
/// Asked on threads that may block, so that it can read files; it may be asked by
/// several connections at once.
public protocol HostKeyJudge: Sendable {
    /// The host key algorithms to ask for, by OpenSSH's names, most wanted first.
    ///
    /// Those a key is known for come first, so that the host shows a key that can be
    /// compared. Empty leaves the choice to us.
    func preferredAlgorithms(for hop: SSHHop) async -> [String]

    /// Returns when the key may be trusted: the public key as it came over the wire.
    ///
    /// - Throws: ``SSHTrouble/Kind/hostKeyChanged`` or ``SSHTrouble/Kind/hostKeyUnknown``.
    func judge(_ key: [UInt8], of hop: SSHHop) async throws(SSHTrouble)
}
