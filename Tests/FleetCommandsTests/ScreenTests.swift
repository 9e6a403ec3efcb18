import Foundation
import Testing

/// Colour is for people at a terminal who want it.
struct ScreenTests {
    @Test func `off a terminal nothing is coloured, whatever the terminal could do`() async throws {
        try await Project.example { project in
            let run = try await project.run(
                "plan", "gloo", "--policy", "careful", environment: ["TERM": "xterm-256color"])
            try run.expectSuccess()
            #expect(!run.story.contains("\u{1B}"))
        }
    }

    @Test func `on a terminal there is colour, unless NO_COLOR is set`() async throws {
        let colourful = ["TERM": "xterm-256color"]
        #expect(try await screen(colourful).contains("\u{1B}["))
        let plain = try await screen(colourful.merging(["NO_COLOR": "1"]) { $1 })
        #expect(plain.contains("To start it, run"))
        #expect(!plain.contains("\u{1B}"))
    }

    private func screen(_ environment: [String: String]) async throws -> String {
        try await Project.example { project in
            let terminal = try PseudoTerminal()
            let program = try project.start(
                ["plan", "gloo", "--policy", "careful"], environment: environment,
                terminal: terminal.programsEnd)
            try await program.end().expectSuccess()
            return terminal.screen()
        }
    }
}
