import FleetModel
import Foundation

/// The file a journal lives in: nobody but its owner may read it, because the
/// commands and outputs in it tell much about a fleet.
struct JournalFile {
    let path: String

    /// Makes the file and its directory when they are not there.
    ///
    /// SQLite gives its `-wal` and `-shm` files the permissions of the main one.
    func prepare() throws(JournalError) {
        try makeDirectory()
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, ownerOnly)
        guard descriptor >= 0 else { throw systemError() }
        defer { close(descriptor) }
        try check(descriptor)
    }

    /// Takes away what others may do with a journal that came from elsewhere.
    func tighten() {
        // Only the owner can; where we aren't, the owner has decided.
        _ = chmod(path, ownerOnly)
    }

    /// Refuses when there is nothing to read, or what is there is no database.
    func expectToExist() throws(JournalError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else {
            guard errno == ENOENT || errno == ENOTDIR else { throw systemError() }
            throw .storage(.missing, path: path, detail: "no such file")
        }
        defer { close(descriptor) }
        try check(descriptor)
    }

    var size: Int64 { Self.size(of: path) }

    private func check(_ descriptor: Int32) throws(JournalError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw systemError() }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .storage(.foreign, path: path, detail: "it isn't a regular file")
        }
        try expectNoOrphanedLog(besideSize: Int64(status.st_size))
        try expectDatabase(descriptor, size: Int64(status.st_size))
    }

    /// SQLite would take a file of a few bytes for an empty one and write over it.
    private func expectDatabase(_ descriptor: Int32, size: Int64) throws(JournalError) {
        guard size > 0 else { return }
        var start = [UInt8](repeating: 0, count: magic.count)
        let count = pread(descriptor, &start, start.count, 0)
        guard count >= 0 else { throw systemError() }
        guard start == magic else {
            throw .storage(.foreign, path: path, detail: "it isn't a SQLite database")
        }
    }

    /// SQLite would take an emptied file for a new database and throw away the
    /// write-ahead log beside it, the only copy of the latest events.
    private func expectNoOrphanedLog(besideSize size: Int64) throws(JournalError) {
        guard size == 0, Self.size(of: path + "-wal") > 0 else { return }
        throw .storage(.damaged, path: path, detail: "the file is empty but its -wal is not")
    }

    private func makeDirectory() throws(JournalError) {
        let directory = (path as NSString).deletingLastPathComponent
        guard !directory.isEmpty, access(directory, F_OK) != 0 else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw .storage(.inaccessible, path: directory, detail: error.localizedDescription)
        }
    }

    private func systemError() -> JournalError {
        let trouble: StorageTrouble =
            switch errno {
            case ENOSPC, EDQUOT: .full
            case EROFS: .readOnly
            case EIO: .failing
            default: .inaccessible
            }
        return .storage(trouble, path: path, detail: String(cString: strerror(errno)))
    }

    private static func size(of path: String) -> Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }
}

private let ownerOnly: mode_t = 0o600

/// How every SQLite database begins, see <https://www.sqlite.org/fileformat2.html>.
private let magic = Array("SQLite format 3\u{0}".utf8)
