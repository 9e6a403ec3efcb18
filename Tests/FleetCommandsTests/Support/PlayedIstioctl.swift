import FleetTestKit
import Foundation

/// An istioctl that a script plays, since none can be installed where the tests run.
struct PlayedIstioctl {
    private let folder: URL

    init(beside lab: Lab) throws {
        folder = lab.directory.appending(path: "istioctl")
        try ExecutableFile.write(String(contentsOf: Self.script, encoding: .utf8), to: path)
    }

    var path: String { folder.appending(path: "istioctl").path }

    /// What it was called with, one call per line.
    func calls() throws -> [String] {
        let file = folder.appending(path: "calls")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private static let script = Program.root.appending(path: "Scripts/played-istioctl")
}
