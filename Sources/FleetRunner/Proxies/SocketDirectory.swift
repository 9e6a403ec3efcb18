import Foundation

/// A private directory for sockets, whose paths have 108 bytes on Linux (`unix(7)`).
/// Only its owner may enter it.
package struct SocketDirectory: Hashable, Sendable {
    package let path: String

    /// Of the parent's path, so that some bytes are left for the names of the sockets.
    private static let longestPath = 80

    /// Makes a directory with a short name below another.
    package init(in parent: String) throws(SystemFailure) {
        var template = Array("\(parent)/bw-XXXXXX".utf8CString)
        guard template.count <= Self.longestPath else {
            errno = ENAMETOOLONG
            throw SystemFailure("no sockets in \(parent)")
        }
        guard mkdtemp(&template) != nil else {
            throw SystemFailure("no directory can be made in \(parent)")
        }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Who uses the directory may take a file away under our hands, so it is tried more
    /// than once.
    package func remove() {
        for _ in 0..<3 where access(path, F_OK) == 0 {
            // What can't be removed is left to the host's own cleaning.
            try? FileManager.default.removeItem(atPath: path)
        }
    }
}
