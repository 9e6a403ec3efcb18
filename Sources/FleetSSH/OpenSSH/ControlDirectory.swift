import FleetModel
import FleetRunner
import Foundation

/// The private directory of one OpenSSH transport: its configuration, its sockets
/// and what its clients have to say. Only its owner may enter it.
struct ControlDirectory: Sendable {
    private let directory: SocketDirectory

    var path: String { directory.path }

    /// Makes a directory with a short name below another: ssh adds 17 bytes to a socket's
    /// path while it makes one.
    init(in parent: String) throws(SSHTrouble) {
        do throws(SystemFailure) {
            directory = try SocketDirectory(in: parent)
        } catch {
            throw SSHTrouble(.unusable, error.reason)
        }
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

    func remove() { directory.remove() }
}
