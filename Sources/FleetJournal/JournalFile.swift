import FleetModel
import Foundation

/// The file a journal lives in: nobody but its owner may read it, because the
/// commands and outputs in it tell much about a fleet.
///
/// A file that exists is looked at, never opened. Whoever closes a file takes away all locks that
/// their process has on it (fcntl(2)), those of SQLite's connections among them, and without
/// them the next process to close the journal would take its log away from under ours:
/// <https://www.sqlite.org/howtocorrupt.html>, 2.2.
struct JournalFile {
    let path: String

    /// Makes the file and its directory when they are not there.
    ///
    /// SQLite gives its `-wal` and `-shm` files the permissions of the main one.
    func prepare() throws(JournalError) {
        try makeDirectory()
        // Nobody has locks on what did not exist.
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, ownerOnly)
        if descriptor >= 0 {
            close(descriptor)
        } else if errno != EEXIST {
            throw systemError()
        }
        try check(for: R_OK | W_OK)
    }

    /// Takes away what others may do with a journal that came from elsewhere.
    func tighten() {
        // Only the owner can; where we aren't, the owner has decided.
        _ = chmod(path, ownerOnly)
    }

    /// Refuses when there is nothing to read, or what is there is no database.
    func expectToExist() throws(JournalError) { try check(for: R_OK) }

    var size: Int64 { Self.size(of: path) }

    private func check(for rights: Int32) throws(JournalError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOENT || errno == ENOTDIR else { throw systemError() }
            throw .storage(.missing, path: path, detail: "no such file")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .storage(.foreign, path: path, detail: "it isn't a regular file")
        }
        guard access(path, rights) == 0 else { throw systemError() }
        let size = Int64(status.st_size)
        try expectNoOrphanedLog(besideSize: size)
        try expectDatabase(ofSize: size)
    }

    /// SQLite would take a file of a few bytes for an empty one and write over it. What is
    /// larger it reads first, and refuses when that is not how a database begins.
    private func expectDatabase(ofSize size: Int64) throws(JournalError) {
        guard size > 0, size < smallestPage else { return }
        throw .storage(.foreign, path: path, detail: "it isn't a SQLite database")
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

/// No database is smaller than one page, see <https://www.sqlite.org/fileformat2.html>.
private let smallestPage: Int64 = 512
