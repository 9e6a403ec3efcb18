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
        var request = flock(F_WRLCK, at: byte)
        if fcntl(descriptor, setOpenFileLock, &request) == 0 {
            return HeldLock(descriptor, byte: byte)
        }
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
        var request = flock(F_WRLCK, at: byte)
        guard fcntl(descriptor, getOpenFileLock, &request) == 0 else { return false }
        return Int32(request.l_type) != F_UNLCK
    }

    private func systemError() -> JournalError {
        let trouble: StorageTrouble = errno == EROFS ? .readOnly : .inaccessible
        return .storage(trouble, path: path, detail: String(cString: strerror(errno)))
    }
}

/// A lock that lasts until this value goes, or the process does.
final class HeldLock: Sendable {
    private let descriptor: Int32
    private let byte: Int64

    fileprivate init(_ descriptor: Int32, byte: Int64) {
        (self.descriptor, self.byte) = (descriptor, byte)
    }

    /// A child that was forked and has not yet become its program shares the
    /// open file, so closing ours alone would leave the lock to it for a moment.
    deinit {
        var request = flock(F_UNLCK, at: byte)
        _ = fcntl(descriptor, setOpenFileLock, &request)
        close(descriptor)
    }
}

extension flock {
    fileprivate init(_ type: Int32, at byte: Int64) {
        self.init()
        (l_type, l_whence) = (Int16(type), Int16(SEEK_SET))
        (l_start, l_len) = (off_t(byte), 1)
    }
}

/// `F_OFD_GETLK` and `F_OFD_SETLK` of Linux's fcntl.h, which are hidden from Swift
/// behind `_GNU_SOURCE`.
private let (getOpenFileLock, setOpenFileLock): (Int32, Int32) = (36, 37)
