import Synchronization

/// Judges host keys by pins and known hosts files, and remembers what was shown and taken.
public final class HostKeyWitness: HostKeyJudge {
    private let judge: KnownHostsJudge
    private let taken = Mutex<[SSHHop: [UInt8]]>([:])

    public init(_ judge: KnownHostsJudge = KnownHostsJudge()) { self.judge = judge }

    public func preferredAlgorithms(for hop: SSHHop) async -> [String] {
        await judge.preferredAlgorithms(for: hop)
    }

    public func judge(_ key: [UInt8], of hop: SSHHop) async throws(SSHTrouble) {
        try await judge.judge(key, of: hop)
        taken.withLock { $0[hop] = key }
    }

    /// The key that a host showed last, and what vouches for it; `nil` when none was taken.
    public func testimony(of hop: SSHHop) -> HostKeyTestimony? {
        guard let blob = taken.withLock({ $0[hop] }), let key = PublicKey(blob: blob) else {
            return nil
        }
        return HostKeyTestimony(key: key.named, voucher: judge.voucher(for: key, of: hop))
    }
}

/// A host key that was taken.
public struct HostKeyTestimony: Hashable, Sendable {
    /// Type and fingerprint, as `ssh` names a key: `ED25519 SHA256:…`.
    public let key: String
    /// The line that knows it, as `path:number`, or `hostKey` for a pin of the inventory;
    /// `nil` when nothing does any more.
    public let voucher: String?
}
