import Foundation

/// Reads of files that are small, or of which only the beginning is wanted.
enum SmallFile {
    /// The first bytes of a file, at most `limit`; `nil` when it can't be read.
    ///
    /// Plain system calls, because files of `/proc` have no size to go by.
    static func read(_ path: String, limit: Int = 65_536) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return contents(of: file, limit: limit)
    }

    /// The size of a file in bytes; `nil` when it isn't there.
    static func size(of path: String) -> Int? {
        var status = stat()
        return lstat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    private static func contents(of file: Int32, limit: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(limit, 65_536))
        while bytes.count < limit {
            let count = Foundation.read(file, &chunk, min(chunk.count, limit - bytes.count))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        return bytes
    }
}
