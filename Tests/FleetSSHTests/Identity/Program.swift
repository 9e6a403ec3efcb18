import Foundation

/// A program of OpenSSH's, run to its end, to compare ourselves with.
struct Program {
    let status: Int32
    let stdout: String
    let stderr: String

    /// Output goes through files, so that neither stream can block the other.
    static func run(
        _ path: String, _ arguments: [String], environment: [String: String] = [:],
        in scratch: ScratchDirectory
    ) throws -> Program {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        let base = ["PATH": "/usr/bin:/bin:/usr/sbin", "HOME": scratch.path]
        process.environment = base.merging(environment) { $1 }
        let name = scratch.unique("program")
        let (out, err) = try (create("\(name).out"), create("\(name).err"))
        process.standardInput = FileHandle.nullDevice
        (process.standardOutput, process.standardError) = (out, err)
        try process.run()
        process.waitUntilExit()
        return Program(
            status: process.terminationStatus,
            stdout: try String(contentsOfFile: "\(name).out", encoding: .utf8),
            stderr: try String(contentsOfFile: "\(name).err", encoding: .utf8))
    }

    private static func create(_ path: String) throws -> FileHandle {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        return try FileHandle(forWritingTo: URL(filePath: path))
    }
}
