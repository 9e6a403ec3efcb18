import FleetModel
import Foundation
import Testing

@testable import FleetLab

/// A recorded object.
enum Fixture {
    static func load(_ name: String) throws -> JSON {
        let file = try #require(
            Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures"))
        return try #require(JSON(parsing: String(decoding: Data(contentsOf: file), as: UTF8.self)))
    }
}
