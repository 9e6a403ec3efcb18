import Foundation

/// Directories that only their owner may enter.
enum PrivateDirectory {
    /// Makes the directory if need be and returns its absolute path.
    ///
    /// One that is there is refused if it belongs to another, and closed to
    /// others if it is open: what commands print may be confidential.
    static func open(_ path: String) throws(LocalExecutorError) -> String {
        let directory = absolute(path)
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw .directoryUnusable(directory, reason: error.localizedDescription)
        }
        try close(directory)
        return directory
    }

    private static func absolute(_ path: String) -> String {
        let here = FileManager.default.currentDirectoryPath
        let absolute = path.hasPrefix("/") ? path : "\(here)/\(path)"
        return absolute.count > 1 && absolute.hasSuffix("/")
            ? String(absolute.dropLast()) : absolute
    }

    private static func close(_ directory: String) throws(LocalExecutorError) {
        var status = stat()
        guard lstat(directory, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw .directoryUnusable(directory, reason: "it is not a directory")
        }
        guard status.st_uid == geteuid() else {
            throw .directoryUnusable(directory, reason: "it belongs to another user")
        }
        guard chmod(directory, 0o700) == 0 else {
            throw .directoryUnusable(directory, reason: String(cString: strerror(errno)))
        }
    }
}
