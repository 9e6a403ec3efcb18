import FleetModel
import FleetRunner
import Foundation

/// The private directory of one OpenSSH transport: its configuration, its sockets
/// and what its clients have to say. Only its owner may enter it.
struct ControlDirectory: Sendable {
    let path: String

    /// A socket's path has 108 bytes, and ssh adds 17 to it while it makes one.
    private static let longestPath = 80

    /// Makes a directory with a short name below another.
    init(in parent: String) throws(SSHTrouble) {
        var template = Array("\(parent)/bw-XXXXXX".utf8CString)
        guard template.count <= Self.longestPath else {
            throw SSHTrouble(.unusable, "\(parent.quoted) is too long for a socket's directory")
        }
        guard mkdtemp(&template) != nil else {
            let reason = String(cString: strerror(errno))
            throw SSHTrouble(.unusable, "no directory can be made in \(parent.quoted): \(reason)")
        }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    func write(_ text: String, to name: String) throws(SSHTrouble) {
        do {
            try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
        } catch {
            throw SSHTrouble(.unusable, "\(path)/\(name) can't be written: \(error)")
        }
        chmod("\(path)/\(name)", 0o600)
    }

    /// Takes a small file away, and what was in it.
    func take(_ name: String) -> String {
        // What was never written says nothing.
        let bytes = (try? Data(contentsOf: URL(filePath: "\(path)/\(name)"))) ?? Data()
        unlink("\(path)/\(name)")
        return String(decoding: bytes, as: UTF8.self)
    }

    func holds(_ name: String) -> Bool { access("\(path)/\(name)", F_OK) == 0 }

    /// A client that ends at this moment may take its file away under our hands, so it
    /// is tried more than once.
    func remove() {
        for _ in 0..<3 where access(path, F_OK) == 0 {
            // What can't be removed is left to the host's own cleaning.
            try? FileManager.default.removeItem(atPath: path)
        }
    }
}
