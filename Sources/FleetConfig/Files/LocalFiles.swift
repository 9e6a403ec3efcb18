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
        guard let type = type(of: directory) else {
            throw FileTrouble("there is no such file or directory")
        }
        guard type == .typeDirectory else { return nil }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: directory)
        } catch {
            throw FileTrouble(error.localizedDescription)
        }
    }

    public func contents(of path: String, atMost limit: Int) throws(FileTrouble) -> [UInt8] {
        switch type(of: path) {
        case nil: throw FileTrouble("there is no such file")
        case .typeDirectory: throw FileTrouble("it is a directory")
        case .typeRegular: break
        // A pipe would keep us waiting for its writer.
        default: throw FileTrouble("it is no regular file")
        }
        do {
            let handle = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { handle.closeFile() }
            return Array(try handle.read(upToCount: limit) ?? Data())
        } catch {
            throw FileTrouble(error.localizedDescription)
        }
    }

    /// What stands at a path, or at the end of the links there; `nil` when nothing does.
    private func type(of path: String) -> FileAttributeType? {
        let target = URL(filePath: path).resolvingSymlinksInPath().path
        // Whatever the reason, a file that tells nothing of itself can't be read.
        let attributes = try? FileManager.default.attributesOfItem(atPath: target)
        return attributes?[.type] as? FileAttributeType
    }
}
