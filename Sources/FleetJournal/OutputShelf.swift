import FleetModel
import Foundation
import Glibc

/// The directory beside the journal where long outputs are kept, one file each.
struct OutputShelf {
    let directory: String

    init(besideJournal path: String) { directory = path + ".outputs" }

    func place(run: Int64, command: Int64, stream: OutputStream) -> OutputFile {
        OutputFile(directory: directory, name: "\(run)-\(command).\(stream.rawValue)")
    }

    func place(named name: String) -> OutputFile { OutputFile(directory: directory, name: name) }
}

/// A file with one long output.
struct OutputFile {
    let directory: String
    let name: String

    var path: String { directory + "/" + name }

    /// Writes the file for its owner alone, and waits until it is on the disk.
    ///
    /// A file of the same name is from a process that died before it could
    /// enter it in the journal, and is replaced.
    func write(_ bytes: ArraySlice<UInt8>) throws(JournalError) {
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else { throw systemError() }
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
        let descriptor = open(path, flags, 0o600)
        guard descriptor >= 0 else { throw systemError() }
        defer { close(descriptor) }
        try write(bytes, to: descriptor)
        guard fsync(descriptor) == 0 else { throw systemError() }
    }

    /// Reads the file back.
    ///
    /// - Throws: ``JournalError/unreadableOutput(path:detail:)`` when it is gone
    ///   or not what was written.
    func read(digest: String) throws(JournalError) -> [UInt8] {
        let bytes: [UInt8]
        do {
            bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw .unreadableOutput(path: path, detail: error.localizedDescription)
        }
        guard SHA256.hexadecimal(bytes) == digest else {
            throw .unreadableOutput(path: path, detail: "the file is not what was written")
        }
        return bytes
    }

    private func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) throws(JournalError) {
        var rest = bytes
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw systemError() }
            rest = rest.dropFirst(written)
        }
    }

    private func systemError() -> JournalError {
        let isFull = errno == ENOSPC || errno == EDQUOT || errno == EFBIG
        let detail = String(cString: strerror(errno))
        return .storage(isFull ? .full : .failing, path: path, detail: detail)
    }
}
