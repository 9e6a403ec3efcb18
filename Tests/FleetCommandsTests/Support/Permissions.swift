import Foundation

/// Who may do what with files.
enum Permissions {
    /// The modes of a directory and of everything in it.
    static func under(_ directory: URL) throws -> [(URL, Int)] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: directory.path)
        return try ([""] + names.sorted()).map { name in
            let file = name.isEmpty ? directory : directory.appending(path: name)
            return (file, try mode(of: file))
        }
    }

    private static func mode(of file: URL) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
        return (attributes[.posixPermissions] as? Int) ?? 0
    }
}
