import FleetModel
import Foundation

@testable import Takeovers

/// The sample files beside the tests.
enum Fixture {
    /// A file that holds a list of objects.
    static func list(_ name: String) throws -> [JSON] { try load(name).array ?? [] }

    /// One named sample of a file.
    static func sample(_ name: String, in file: String) throws -> JSON {
        guard let sample = try load(file)[name] else { throw Missing(name: "\(file)/\(name)") }
        return sample
    }

    static func samples(_ file: String) throws -> [String: JSON] { try load(file).object ?? [:] }

    private static func load(_ name: String) throws -> JSON {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fixtures")
        let contents = try Data(contentsOf: folder.appending(path: "\(name).json"))
        guard let document = JSON(parsing: Array(contents)) else { throw Missing(name: name) }
        return document
    }

    struct Missing: Error { let name: String }
}
