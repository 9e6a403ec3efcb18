import FleetModel
import Foundation

/// A file beside the journal of which each coordinator locks one byte, the one
/// at its run's number, for as long as it lives.
///
/// The lock belongs to the open file (`F_OFD_SETLK`, see fcntl(2)): the kernel
/// gives it back when the process ends, however it ends, and anybody may ask
/// whether a byte is locked without touching it.
struct LockFile {
    let path: String

    init(besideJournal journal: String) { path = journal + ".lock" }

    /// Locks a byte, or answers `nil` when somebody else has it.
    func lock(at byte: Int64) throws(JournalError) -> HeldLock? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw systemError() }
        var request = Self.request(at: byte)
        if fcntl(descriptor, setOpenFileLock, &request) == 0 { return HeldLock(descriptor) }
        let reason = errno
        close(descriptor)
        if reason == EAGAIN || reason == EACCES { return nil }
        errno = reason
        throw systemError()
    }

    /// Whether somebody has locked the byte.
    func isHeld(at byte: Int64) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var request = Self.request(at: byte)
        guard fcntl(descriptor, getOpenFileLock, &request) == 0 else { return false }
        return Int32(request.l_type) != F_UNLCK
    }

    private static func request(at byte: Int64) -> flock {
        var request = flock()
        request.l_type = Int16(F_WRLCK)
        request.l_whence = Int16(SEEK_SET)
        request.l_start = off_t(byte)
        request.l_len = 1
        return request
    }

    private func systemError() -> JournalError {
        let trouble: StorageTrouble = errno == EROFS ? .readOnly : .inaccessible
        return .storage(trouble, path: path, detail: String(cString: strerror(errno)))
    }
}

/// A lock that lasts until this value goes, or the process does.
final class HeldLock: Sendable {
    private let descriptor: Int32

    fileprivate init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }
}

/// `F_OFD_GETLK` and `F_OFD_SETLK` of Linux's fcntl.h, which are hidden from Swift
/// behind `_GNU_SOURCE`.
private let (getOpenFileLock, setOpenFileLock): (Int32, Int32) = (36, 37)
