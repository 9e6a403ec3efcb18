import Foundation

/// A line of `--format json` of `run` and `resume`.
struct RunEvent: Decodable, Sendable {
    let sequence: Int
    let event: String
    var cluster: String?
    var phase: String?
    var step: String?
    var changed: Bool?
    var reason: String?
    var epoch: Int?

    init(_ line: String) throws {
        self = try JSONDecoder().decode(RunEvent.self, from: Data(line.utf8))
    }
}
