import Foundation
import Testing

/// A Swift file of the package, as the house rules look at it.
struct SourceFile: CustomTestStringConvertible, Sendable {
    let path: String
    let lines: [String]

    var testDescription: String { path }
    var target: String { String(path.split(separator: "/")[1]) }
    var isPure: Bool {
        ["FleetModel", "FleetPlanner", "FleetCoordinator"].contains(target)
    }
    var isSource: Bool { path.hasPrefix("Sources/") }
    var numberedLines: [(Int, String)] { lines.enumerated().map { ($0 + 1, $1) } }

    var imports: [String] {
        lines.filter { $0.hasPrefix("import ") || $0.contains(" import ") }
            .compactMap { $0.split(separator: " ").last.map(String.init) }
    }

    /// Where each function starts and how many lines it takes.
    var functions: [(line: Int, length: Int)] {
        numberedLines.compactMap { number, line in
            guard line.contains("func ") || line.contains("init("), line.hasSuffix("{") else {
                return nil
            }
            let indent = line.prefix { $0 == " " }
            let length = lines[number...].prefix { $0 != indent + "}" }.count + 2
            return (number, length)
        }
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../..").standardized

    static let all: [SourceFile] = ["Sources", "Tests", "Benchmarks"].flatMap { folder in
        let names =
            FileManager.default.enumerator(atPath: root.appending(path: folder).path)?
            .compactMap { $0 as? String } ?? []
        return names.sorted().filter { $0.hasSuffix(".swift") && !$0.contains(".build") }
            .compactMap { read("\(folder)/\($0)") }
    }

    private static func read(_ path: String) -> SourceFile? {
        // A file that is not text has no lines to look at.
        guard let text = try? String(contentsOf: root.appending(path: path), encoding: .utf8) else {
            return nil
        }
        return SourceFile(path: path, lines: text.components(separatedBy: "\n"))
    }
}
