import FleetTerminal
import Testing

struct LiveScreenTests {
    @Test func `a frame takes the place of the one before`() {
        let terminal = PaperTerminal(columns: 20, rows: 10)
        var screen = terminal.screen
        screen.show { _, _ in ["canary 0/1", "rest 0/7", "Next: wait"] }
        screen.show { _, _ in ["canary 1/1", "rest"] }
        #expect(terminal.text == ["canary 1/1", "rest"])
        #expect(terminal.now.unknown.isEmpty)
    }

    @Test func `a frame goes out in one write, and only when it differs`() {
        let terminal = PaperTerminal(columns: 20, rows: 10)
        var screen = terminal.screen
        screen.show { _, _ in ["a", "b"] }
        screen.show { _, _ in ["a", "b"] }
        screen.show { _, _ in ["a", "c"] }
        #expect(terminal.now.writes == 2)
    }

    @Test func `a frame is told the room there is and cut when it takes more`() {
        let terminal = PaperTerminal(columns: 20, rows: 4)
        var screen = terminal.screen
        for round in 0..<5 {
            screen.show { width, height in
                #expect((width, height) == (20, 3))
                return (0..<9).map { "line \($0) of \(round)" }
            }
        }
        #expect(terminal.text == ["line 0 of 4", "line 1 of 4", "line 2 of 4"])
    }

    @Test func `words said stay above the frame`() {
        let terminal = PaperTerminal(columns: 20, rows: 10)
        var screen = terminal.screen
        screen.say(["hello"])
        screen.show { _, _ in ["frame 1", "next"] }
        screen.say(["halting"])
        screen.show { _, _ in ["frame 2", "next"] }
        #expect(terminal.text == ["hello", "halting", "frame 2", "next"])
    }

    @Test func `the cursor and the wrapping come back at the end`() {
        let terminal = PaperTerminal(columns: 20, rows: 10)
        var screen = terminal.screen
        screen.show { _, _ in ["frame"] }
        #expect(!terminal.now.isCursorShown && !terminal.now.wraps)
        screen.finish()
        screen.finish()
        #expect(terminal.now.isCursorShown && terminal.now.wraps)
        #expect(terminal.text == ["frame"] && terminal.now.writes == 2)
    }

    @Test func `a screen that has shown nothing leaves the terminal alone`() {
        let terminal = PaperTerminal(columns: 20, rows: 10)
        var screen = terminal.screen
        screen.finish()
        #expect(terminal.now.writes == 0)
    }

    @Test func `a window that became narrower leaves nothing of the old frame`() {
        let terminal = PaperTerminal(columns: 20, rows: 10)
        var screen = terminal.screen
        screen.say(["before"])
        screen.show { _, _ in ["\u{1B}[31m0123456789abcdef\u{1B}[0m", "short"] }
        terminal.resize(columns: 8, rows: 10)
        screen.show { width, _ in [String("0123456789abcdef".prefix(width)), "short"] }
        #expect(terminal.text == ["before", "01234567", "short"])
    }

    @Test func `a window that became wider leaves nothing of the old frame`() {
        let terminal = PaperTerminal(columns: 8, rows: 10)
        var screen = terminal.screen
        screen.show { width, _ in [String(repeating: "x", count: width), "short"] }
        terminal.resize(columns: 20, rows: 5)
        screen.show { width, _ in [String(repeating: "y", count: width), "new"] }
        #expect(terminal.text == [String(repeating: "y", count: 20), "new"])
    }

    @Test func `a sign drawn wider than we think does not shift the frame`() {
        let terminal = PaperTerminal(columns: 5, rows: 10)
        var screen = terminal.screen
        for _ in 0..<3 { screen.show { _, _ in ["1234567", "b"] } }
        screen.show { _, _ in ["1234567", "c"] }
        #expect(terminal.text == ["12345", "c"])
    }

    @Test func `a terminal without room is left empty`() {
        let terminal = PaperTerminal(columns: 0, rows: 0)
        var screen = terminal.screen
        screen.show { _, _ in ["frame"] }
        screen.show { _, _ in ["other"] }
        #expect(terminal.text == [])
    }
}
