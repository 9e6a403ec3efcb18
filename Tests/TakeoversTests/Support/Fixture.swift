import FleetModel
import Foundation

@testable import Takeovers

/// The sample files beside the tests.
enum Fixture {
    /// A file that holds a list.
    static func list(_ name: String) throws -> [JSON] { try document(name).array ?? [] }

    /// One named sample of a file.
    static func sample(_ name: String, in file: String) throws -> JSON {
        guard let sample = try document(file)[name] else {
            throw Missing(name: "\(file)/\(name)")
        }
        return sample
    }

    static func samples(_ file: String) throws -> [String: JSON] {
        try document(file).object ?? [:]
    }

    static func document(_ name: String) throws -> JSON {
        let contents = try Data(contentsOf: folder.appending(path: "\(name).json"))
        guard let document = JSON(parsing: Array(contents)) else { throw Missing(name: name) }
        return document
    }

    /// What a program printed, word for word.
    static func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: "texts/\(name).txt"), encoding: .utf8)
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures")

    struct Missing: Error { let name: String }
}
