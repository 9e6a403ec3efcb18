import Foundation
import Testing

/// The script that draws the README's picture, on captures made by hand.
@Suite(.enabled(if: python != nil, "needs python3"))
struct RecordLiveViewTests {
    let capture = """
        \u{1B}[1mRun 7F3K\u{1B}[0m: <istio> & co
         \u{1B}[32m✔\u{1B}[0m canary  \u{1B}[38;5;196m1/1\u{1B}[39m  \u{1B}[7minverse\u{1B}[0m
         \u{1B}[2;36mfaint\u{1B}[0m 集群 \u{1B}[44m blue \u{1B}[0m


        """

    @Test func `text keeps its place, its colour and its weight`() throws {
        let svg = try draw([capture])
        #expect(
            svg.contains(
                ##"<text x="14.0" y="27" fill="#d6dae2" font-weight="bold" "##
                    + #"textLength="62.4">Run 7F3K</text>"#))
        #expect(svg.contains(#">: &lt;istio&gt; &amp; co</text>"#))
        #expect(svg.contains(##"<text x="21.8" y="44" fill="#8fbf6f" textLength="7.8">✔</text>"##))
        #expect(svg.contains(##"fill="#ff0000" textLength="23.4">1/1</text>"##))
        #expect(svg.contains(##"fill="#5cb8c4" opacity="0.6" textLength="39.0">faint</text>"##))
    }

    @Test func `a background is drawn as wide as its text, after wide characters too`() throws {
        let svg = try draw([capture])
        #expect(
            svg.contains(
                ##"<rect x="107.6" y="48" width="46.8" height="17" fill="#6d9fe0"/>"##))
    }

    @Test func `the picture is as large as what was seen`() throws {
        #expect(try draw([capture]).contains(#"viewBox="0 0 200 79""#))
    }

    @Test func `one screen stands still and several follow each other`() throws {
        #expect(!(try draw([capture]).contains("animation")))
        let svg = try draw([capture, "two", "three"])
        #expect(svg.contains("infinite") && svg.contains("prefers-reduced-motion"))
        #expect(svg.components(separatedBy: "<g class=\"frame\">").count == 4)
    }

    @Test func `nothing of a control sequence is left in the picture`() throws {
        let svg = try draw(["\u{1B}]0;title\u{07}a\u{1B}[2Kb\u{1B}(Bc\u{1B}[38;2;1mlast\u{08}"])
        #expect(svg.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" })
        #expect(!svg.contains("title\u{07}") && svg.contains(">last</text>"))
    }

    private func draw(_ captures: [String]) throws -> String {
        let place = FileManager.default.temporaryDirectory
            .appending(path: "live-view-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: place) }  // The system clears it too.
        var arguments = [script.path, "--output", place.appending(path: "out.svg").path]
        for (index, capture) in captures.enumerated() {
            let file = place.appending(path: "\(index).txt")
            try Data(capture.utf8).write(to: file)
            arguments += ["--capture", file.path]
        }
        try run(arguments)
        return try String(contentsOf: place.appending(path: "out.svg"), encoding: .utf8)
    }

    private func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: python ?? "")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    private var script: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Scripts/record-live-view")
    }
}

private let python = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { "\($0)/python3" }.first { FileManager.default.isExecutableFile(atPath: $0) }
