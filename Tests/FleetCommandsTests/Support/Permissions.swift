import Foundation

/// Who may do what with a file.
struct Permissions: Equatable, CustomStringConvertible {
    let file: String
    let mode: Int
    let isDirectory: Bool

    /// Whether nobody but the owner may do anything, and the owner all there is to do.
    var areOwnersAlone: Bool { mode == (isDirectory ? 0o700 : 0o600) }

    var description: String { "\(String(mode, radix: 8)) \(file)" }

    /// Of a directory and of everything in it.
    static func under(_ directory: URL) throws -> [Permissions] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: directory.path)
        return try [of(directory)] + names.sorted().map { try of(directory.appending(path: $0)) }
    }

    private static func of(_ file: URL) throws -> Permissions {
        let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
        return Permissions(
            file: file.lastPathComponent, mode: attributes[.posixPermissions] as? Int ?? 0,
            isDirectory: attributes[.type] as? FileAttributeType == .typeDirectory)
    }
}
