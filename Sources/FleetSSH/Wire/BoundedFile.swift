import Foundation

/// Reads small files whole.
enum BoundedFile {
    /// The bytes of a file; `nil` when there is none.
    ///
    /// - Throws: `unusable` when it is there and can't be read, or is too large.
    static func contents(of path: String, atMost most: Int) throws(SSHTrouble) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw .unreadable(path, systemWords())
        }
        defer { close(descriptor) }
        return try contents(of: descriptor, path: path, atMost: most)
    }

    /// The bytes from where the descriptor stands to its end.
    static func contents(
        of descriptor: Int32, path: String, atMost most: Int
    ) throws(SSHTrouble) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .unreadable(path, systemWords()) }
            bytes += buffer.prefix(count)
            guard bytes.count <= most else {
                throw .unreadable(path, "it has more than \(most) bytes")
            }
        }
    }

    /// The system's words for what went wrong last on this thread.
    static func systemWords() -> String { String(cString: strerror(errno)) }
}

extension SSHTrouble {
    static func unreadable(_ path: String, _ reason: String) -> Self {
        Self(.unusable, "\(path) can't be read: \(reason)")
    }
}
