import Foundation
import Synchronization

/// Passphrases from an open file, such as a pipe from a password store: one on each
/// line, tried in turn for every key.
public final class DescriptorPassphrases: PassphraseSource {
    private let descriptor: Int32
    private let lines = Mutex<[Secret]?>(nil)
    /// Far more than anybody's passphrases.
    private static let mostBytes = 1 << 16

    /// Reads the descriptor to its end when the first passphrase is wanted. No program
    /// that we start gets to see it.
    public init(descriptor: Int32) {
        self.descriptor = descriptor
        // Fails only for one that isn't open, which has nothing to be seen.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    public func passphrase(for file: String, attempt: Int) -> Secret? {
        let secrets = lines.withLock { lines in
            let read = lines ?? read()
            lines = read
            return read
        }
        return secrets.indices.contains(attempt - 1) ? secrets[attempt - 1] : nil
    }

    private func read() -> [Secret] {
        // Without passphrases the keys stay locked, and that is reported of each.
        let bytes = try? BoundedFile.contents(
            of: descriptor, path: "descriptor \(descriptor)", atMost: Self.mostBytes)
        return (bytes ?? []).split(separator: UInt8(ascii: "\n")).map { line in
            Secret(Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line))
        }
    }
}
