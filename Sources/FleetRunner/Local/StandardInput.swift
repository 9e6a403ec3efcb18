import Foundation
import SystemPackage

/// What a command reads on stdin, spooled whole before the command starts.
///
/// A file without a name: a command that doesn't read it costs nothing and
/// breaks no pipe, it outlives us, and no manifest is left lying about.
enum StandardInput {
    /// Opens stdin for a command that gets these bytes, or none.
    static func open(
        _ text: String?, in directory: String
    ) throws(SystemFailure) -> FileDescriptor {
        try open(text.map { Array($0.utf8) }, in: directory)
    }

    static func open(
        _ bytes: [UInt8]?, in directory: String
    ) throws(SystemFailure) -> FileDescriptor {
        guard let bytes else { return try nothing() }
        let file = try unlinkedFile(in: directory)
        do throws(SystemFailure) {
            try write(bytes, to: file)
        } catch {
            close(file)
            throw error
        }
        return FileDescriptor(rawValue: file)
    }

    private static func nothing() throws(SystemFailure) -> FileDescriptor {
        let file = Foundation.open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw SystemFailure("/dev/null can't be opened") }
        return FileDescriptor(rawValue: file)
    }

    private static func unlinkedFile(in directory: String) throws(SystemFailure) -> Int32 {
        var template = Array("\(directory)/.stdin-XXXXXX".utf8CString)
        let file = mkstemp(&template)
        guard file >= 0 else { throw SystemFailure("stdin can't be spooled in \(directory)") }
        unlink(template)
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        return file
    }

    private static func write(_ bytes: [UInt8], to file: Int32) throws(SystemFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw SystemFailure("stdin can't be spooled") }
            rest = rest.dropFirst(count)
        }
        lseek(file, 0, SEEK_SET)
    }
}
