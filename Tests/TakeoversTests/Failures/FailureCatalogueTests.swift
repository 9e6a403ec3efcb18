import FleetModel
import Foundation
import Testing

@testable import Takeovers

/// The table of `Docs/Failures.md`: what it says of tests, checks, steps and words is so.
@Suite struct FailureCatalogueTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../..").standardized

    private struct Row {
        let number: Int
        let places: [String]
        let words: [String]
        let tests: [String]
    }

    private static func rows() throws -> [Row] {
        let text = try String(
            contentsOf: root.appending(path: "Docs/Failures.md"), encoding: .utf8)
        return text.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map(String.init)
            guard cells.count == 5, let number = Int(cells[0].filter { $0 != " " }) else {
                return nil
            }
            return Row(
                number: number, places: codes(cells[2]), words: codes(cells[3]),
                tests: codes(cells[4]))
        }
    }

    /// What stands between backticks.
    private static func codes(_ cell: String) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    /// Every Swift file below a directory, as one text; sentences broken over lines are whole.
    private static func sources(_ directory: String) throws -> String {
        let folder = root.appending(path: directory)
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        return try names.filter { $0.hasSuffix(".swift") }.map {
            try String(contentsOf: folder.appending(path: $0), encoding: .utf8)
        }.joined().replacing(/"\s*\+\s*"/, with: "")
    }

    @Test func `every failure has a row, with a test that there is`() throws {
        let (rows, tests) = (try Self.rows(), try Self.sources("Tests"))
        #expect(rows.map(\.number) == Array(1...35))
        for row in rows {
            #expect(!row.tests.isEmpty, "\(row.number)")
            for name in row.tests {
                let isThere = tests.contains("func `\(name)`(")
                #expect(isThere, "\(row.number): no test `\(name)`")
            }
        }
    }

    @Test func `every place is a check, an invariant or a step`() throws {
        let takeover = Takeover.gloo(
            manifests: Takeover.standardManifests.merging([
                "ingressGateway": Takeover.gatewayManifest("ingress").description
            ]) { $1 })
        let steps = Runbooks.all.flatMap { runbook in
            runbook.outline(for: takeover).phases.flatMap(\.steps).map(\.name)
        }
        let known = Set(
            steps + RevisionStep.allCases.map(\.outline.name)
                + Runbooks.all.flatMap { $0.checks.map(\.number) }
                + InvariantKind.allCases.map(\.rawValue))
        for row in try Self.rows() {
            #expect(Set(row.places).subtracting(known).isEmpty, "\(row.number)")
        }
    }

    @Test func `the words are said by somebody`() throws {
        let sources = try Self.sources("Sources")
        for row in try Self.rows() {
            #expect(!row.words.isEmpty, "\(row.number)")
            for words in row.words {
                let isSaid = sources.contains(words)
                #expect(isSaid, "\(row.number): nobody says `\(words)`")
            }
        }
    }

    @Test func `the invariants' page has all of them, and every exemption`() throws {
        let page = try String(
            contentsOf: Self.root.appending(path: "Docs/Invariants.md"), encoding: .utf8)
        for kind in InvariantKind.allCases { #expect(page.contains("| \(kind.label) |")) }
        for step in Exemption.byStep.keys.sorted() { #expect(page.contains("`\(step)`")) }
    }
}
