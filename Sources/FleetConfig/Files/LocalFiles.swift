import Foundation

/// The files of this machine.
public struct LocalFiles: ConfigurationFiles {
    public let home: String
    public let workingDirectory: String

    /// Uses the user's home and the process's directory unless told otherwise.
    public init(home: String? = nil, workingDirectory: String? = nil) {
        self.home = home ?? FileManager.default.homeDirectoryForCurrentUser.path
        self.workingDirectory = workingDirectory ?? FileManager.default.currentDirectoryPath
    }

    public func names(in directory: String) throws(FileTrouble) -> [String]? {
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory)
        guard exists else { throw FileTrouble("there is no such file or directory") }
        guard isDirectory.boolValue else { return nil }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: directory)
        } catch {
            throw FileTrouble(error.localizedDescription)
        }
    }

    public func contents(of path: String, atMost limit: Int) throws(FileTrouble) -> [UInt8] {
        guard FileManager.default.fileExists(atPath: path) else {
            throw FileTrouble("there is no such file")
        }
        do {
            let handle = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { handle.closeFile() }
            return Array(try handle.read(upToCount: limit) ?? Data())
        } catch {
            throw FileTrouble(error.localizedDescription)
        }
    }
}
