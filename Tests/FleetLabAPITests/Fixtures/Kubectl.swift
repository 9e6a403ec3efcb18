import Foundation
import Testing

/// A kubectl program of this machine.
struct Kubectl: Hashable, Sendable, CustomTestStringConvertible {
    var path: String

    var testDescription: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// The kubectl in the PATH, and a `kubectl-1.20` there: what Debian 12 has.
    static let installed: [Kubectl] = ["kubectl", "kubectl-1.20"].compactMap(found)

    private static func found(_ name: String) -> Kubectl? {
        let folders = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return folders.split(separator: ":").map { Kubectl(path: "\($0)/\(name)") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }
}
