import Foundation

/// A terminal with a test in front of it.
///
/// It keeps what a few screens hold until it is read, which is enough for one command.
struct PseudoTerminal {
    /// What a program gets for its stdout.
    let programsEnd: FileHandle
    private let ourEnd: FileHandle

    init() throws {
        let ours = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var (locked, number) = (Int32(0), Int32(0))
        guard ours >= 0, ioctl(ours, setLock, &locked) == 0, ioctl(ours, getNumber, &number) == 0
        else { throw CocoaError(.fileReadUnknown) }
        ourEnd = FileHandle(fileDescriptor: ours, closeOnDealloc: true)
        let programs = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard programs >= 0 else { throw CocoaError(.fileReadUnknown) }
        programsEnd = FileHandle(fileDescriptor: programs, closeOnDealloc: true)
    }

    func type(_ text: String) { ourEnd.write(Data(text.utf8)) }

    /// What has been written on it, without waiting for more.
    func screen() -> String {
        _ = fcntl(ourEnd.fileDescriptor, F_SETFL, O_NONBLOCK)
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(ourEnd.fileDescriptor, &piece, piece.count)
            guard count > 0 else { break }
            bytes += piece[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// `TIOCSPTLCK` and `TIOCGPTN` of Linux's asm-generic/ioctls.h: glibc hides its own
/// functions for them from Swift behind `_XOPEN_SOURCE`.
private let (setLock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
