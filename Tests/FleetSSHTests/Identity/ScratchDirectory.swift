import Foundation
import Synchronization

/// A directory of a test's own that goes with it.
final class ScratchDirectory: Sendable {
    let path: String
    private let count = Mutex(0)

    init() throws {
        let name = "bellwether-ssh-\(UUID().uuidString.prefix(8))"
        path = FileManager.default.temporaryDirectory.appending(path: name).path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit {
        // What can't be removed is left to the system's own tidying.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// A path that no other call gives.
    func unique(_ stem: String) -> String {
        let number = count.withLock { count in
            count += 1
            return count
        }
        return "\(path)/\(stem)-\(number)"
    }

    @discardableResult
    func write(_ text: String, to name: String, mode: Int = 0o600) throws -> String {
        let file = "\(path)/\(name)"
        let parent = URL(filePath: file).deletingLastPathComponent().path
        try FileManager.default.createDirectory(
            atPath: parent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: file))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        return file
    }

    func read(_ name: String) throws -> String {
        try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
    }
}
