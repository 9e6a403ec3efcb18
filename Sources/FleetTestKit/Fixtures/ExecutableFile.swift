import Foundation

/// A program that a test writes, to be run by it or by what it runs.
public enum ExecutableFile {
    /// Why there is no such file: the exit status of what was to write it.
    public struct NotWritten: Error {
        public let path: String
        public let status: Int32
    }

    /// Writes a file that only its owner may read, change and run, into a folder that is made
    /// where it is missing. What was there is replaced.
    ///
    /// Another process does it. A file that this one had open for writing can't be run
    /// (ETXTBSY) for as long as a child that some other thread has just forked still holds it.
    ///
    /// - Throws: ``NotWritten``, or what keeps a process from being started.
    public static func write(_ text: String, to path: String) throws {
        let install = Process()
        install.executableURL = URL(filePath: "/usr/bin/install")
        install.arguments = ["-D", "-m", "700", "/dev/stdin", path]
        let stdin = Pipe()
        install.standardInput = stdin
        try install.run()
        try stdin.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try stdin.fileHandleForWriting.close()
        install.waitUntilExit()
        guard install.terminationStatus == 0 else {
            throw NotWritten(path: path, status: install.terminationStatus)
        }
    }
}
