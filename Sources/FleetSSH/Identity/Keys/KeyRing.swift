import Foundation
import Synchronization

/// The private keys of files, each read and unlocked once for all connections.
///
/// Unlocking is done one after the other, so that two prompts never share a terminal
/// and sixty connections don't run bcrypt sixty times.
final class KeyRing: Sendable {
    private let passphrases: any PassphraseSource
    private let lane = SlowLane("bellwether.keys", isSerial: true)
    private let keys = Mutex<[String: Result<PrivateKey, SSHTrouble>]>([:])
    /// A source that always has another answer must not keep us for ever.
    private static let mostAttempts = 10
    private static let mostBytes = 1 << 17

    init(passphrases: any PassphraseSource) { self.passphrases = passphrases }

    /// A private key file; `nil` when there is none at the path.
    func file(at path: String) throws(SSHTrouble) -> KeyFile? {
        guard let bytes = try BoundedFile.contents(of: path, atMost: Self.mostBytes) else {
            return nil
        }
        try checkPermissions(of: path)
        do throws(KeyFlaw) {
            return try KeyFile(bytes)
        } catch {
            throw trouble(error, at: path)
        }
    }

    /// The private key of a file, unlocked; the same answer every time it is asked.
    func privateKey(at path: String) async throws(SSHTrouble) -> PrivateKey {
        if let known = keys.withLock({ $0[path] }) { return try known.get() }
        return try await lane.run { () throws(SSHTrouble) in
            if let known = self.keys.withLock({ $0[path] }) { return try known.get() }
            let result = Result { () throws(SSHTrouble) in try self.unlock(path) }
            self.keys.withLock { $0[path] = result }
            return try result.get()
        }
    }

    private func unlock(_ path: String) throws(SSHTrouble) -> PrivateKey {
        guard let file = try file(at: path) else {
            throw SSHTrouble(.unusable, "the private key \(path) is gone")
        }
        do throws(KeyFlaw) {
            return try unlock(file, at: path)
        } catch {
            throw trouble(error, at: path)
        }
    }

    private func unlock(_ file: KeyFile, at path: String) throws(KeyFlaw) -> PrivateKey {
        guard file.isEncrypted else { return try file.privateKey(nil) }
        for attempt in 1...Self.mostAttempts {
            guard let secret = passphrases.passphrase(for: path, attempt: attempt) else { break }
            do throws(KeyFlaw) {
                return try file.privateKey(secret)
            } catch {
                guard error == .locked else { throw error }
            }
        }
        throw .locked
    }

    /// Refuses what `ssh` refuses: a key of ours that others can read.
    private func checkPermissions(of path: String) throws(SSHTrouble) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_uid == getuid(), status.st_mode & 0o077 != 0
        else { return }
        let mode = String(status.st_mode & 0o777, radix: 8)
        throw SSHTrouble(
            .unusable, "the private key \(path) can be read by others (mode 0\(mode))",
            hint: "run `chmod 600 \(path)`")
    }

    private func trouble(_ flaw: KeyFlaw, at path: String) -> SSHTrouble {
        switch flaw {
        case .broken(let reason):
            SSHTrouble(.unusable, "the private key \(path) can't be used: \(reason)")
        case .unsupported(let what):
            SSHTrouble(.unsupported, "\(path) is \(what), which only OpenSSH can use")
        case .locked:
            SSHTrouble(
                .unusable, "the private key \(path) is locked, and no passphrase opened it",
                hint: "run `ssh-add \(path)`, so that the agent holds it")
        }
    }
}
