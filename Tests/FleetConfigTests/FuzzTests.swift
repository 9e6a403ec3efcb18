import FleetConfig
import FleetModel
import FleetTestKit
import Foundation
import Testing

/// Whatever stands in a file, reading it ends with a value or with placed mistakes.
///
/// A trap would end the whole test run, so that reaching the end is half the proof.
struct FuzzTests {
    private static let rounds = 2_000

    @Test func `random bytes never trap`() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<Self.rounds {
            let count = Int.random(in: 0..<200, using: &generator)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            readEverything(bytes)
        }
    }

    @Test func `random YAML tokens never trap`() {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<Self.rounds {
            let count = Int.random(in: 0..<60, using: &generator)
            let tokens = (0..<count).map { _ in Mutation.tokens.pick(using: &generator) }
            readEverything(Array(tokens.joined().utf8))
        }
    }

    @Test(arguments: [
        "Inventory/example.yaml", "Policies/Rollouts/careful.yaml",
        "Policies/Takeovers/gloo-1-25.yaml", "Policies/Takeovers/manifests/ingress.yaml",
    ])
    func `mutated examples never trap`(path: String) throws {
        let root = URL(filePath: #filePath).appending(path: "../../..").standardized
        let original = Array(try Data(contentsOf: root.appending(path: path)))
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<Self.rounds / 8 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                Mutation.apply(to: &bytes, using: &generator)
            }
            readEverything(bytes)
        }
    }

    private func readEverything(_ bytes: [UInt8]) {
        let files = MemoryFiles(bytes: bytes, at: "a.yaml")
        check { () throws(ConfigurationErrors) in try InventoryReader(files: files).read("a.yaml") }
        check { () throws(ConfigurationErrors) in try PolicyReader(files: files).read("a.yaml") }
        check { () throws(ConfigurationErrors) in
            try TakeoverReader(files: files, runbooks: [.gloo]).read("a.yaml")
        }
        check { () throws(ConfigurationErrors) in try ManifestReader(files: files).read("a.yaml") }
        check { () throws(ConfigurationErrors) in
            try ConfigurationReader(files: files, runbooks: [.gloo])
                .read(inventory: "a.yaml", policy: "a.yaml", takeover: "a.yaml")
        }
    }

    /// Every mistake has a place, and every place is in the file.
    private func check<Value>(_ read: () throws(ConfigurationErrors) -> Value) {
        guard let error = errors(read) else { return }
        for mistake in error.mistakes {
            let place = mistake.location
            #expect(place != nil || mistake.problem.contains("has no clusters"))
            #expect((place?.line ?? 1) >= 1 && (place?.column ?? 1) >= 1)
        }
        #expect(!error.description.isEmpty)
    }
}

/// Small changes to a YAML file, of the kinds that slips and broken disks make.
private enum Mutation {
    static let tokens = [
        "a", "name", "clusters", "waves", ": ", ":", "- ", "-", "\n", "\n  ", "\n- ", " ", "{",
        "}", "[", "]", ", ", "\"", "'", "|", ">", "&a ", "*a", "<<: ", "!!int ", "# ", "%", "? ",
        "\t", "\r", "\u{85}", "\u{2028}", "1", "10%", "rest", "~", "---\n", "...\n", "\\", "é",
        "\u{FEFF}", "\u{E000}", "\0", "@", "`", "=", "windows", "allow", "days", "from", "to",
        "zone",
        "22:00", "24:00", "2026-02-30 18:00", "UTC", "CET", "mon",
    ]

    static func apply(to bytes: inout [UInt8], using generator: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let start = Int.random(in: 0..<bytes.count, using: &generator)
        let length = Int.random(in: 0...12, using: &generator)
        let range = start..<min(bytes.count, start + length)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes.removeSubrange(range)
        case 1: bytes[start] = UInt8.random(in: 0...255, using: &generator)
        case 2: bytes.insert(contentsOf: Array(bytes[range]), at: start)
        case 3: bytes.insert(contentsOf: Array(tokens.pick(using: &generator).utf8), at: start)
        default: repeatLine(at: start, in: &bytes)
        }
    }

    /// The likeliest slip of all: a line pasted twice.
    private static func repeatLine(at index: Int, in bytes: inout [UInt8]) {
        let newline = UInt8(ascii: "\n")
        let start = bytes[..<index].lastIndex(of: newline).map { $0 + 1 } ?? 0
        let end = bytes[index...].firstIndex(of: newline) ?? bytes.count
        guard start < end else { return }
        bytes.insert(contentsOf: Array(bytes[start..<end]) + [newline], at: start)
    }
}

extension [String] {
    fileprivate func pick(using generator: inout SeededGenerator) -> String {
        randomElement(using: &generator) ?? ""
    }
}
