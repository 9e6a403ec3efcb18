import FleetTerminal
import Synchronization

/// A terminal on paper: obeys what a screen writes and remembers what is seen.
///
/// It knows the few sequences that ``LiveScreen`` uses and records any other.
final class PaperTerminal: Sendable {
    private let state: Mutex<State>

    struct State {
        var size: TerminalSize
        /// Every line since the beginning; the last `size.rows` are on the screen.
        var lines: [String] = [""]
        var row = 0
        var column = 0
        var isCursorShown = true
        var wraps = true
        var writes = 0
        var unknown: [String] = []
    }

    init(columns: Int, rows: Int) {
        state = Mutex(State(size: TerminalSize(columns: columns, rows: rows)))
    }

    var screen: LiveScreen {
        LiveScreen(size: { self.now.size }, write: { self.write($0) })
    }

    var now: State { state.withLock { $0 } }

    /// Everything ever printed and not erased, without the empty end.
    var text: [String] {
        var lines = now.lines
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    func resize(columns: Int, rows: Int) {
        state.withLock { $0.resize(to: TerminalSize(columns: columns, rows: rows)) }
    }

    private func write(_ text: String) {
        state.withLock { state in
            state.writes += 1
            var rest = text.unicodeScalars[...]
            while let scalar = rest.popFirst() {
                scalar == "\u{1B}" ? state.obey(sequence(&rest)) : state.print(scalar)
            }
        }
    }

    private func sequence(_ rest: inout Substring.UnicodeScalarView) -> String {
        let body = rest.prefix { !("A"..."z").contains($0) || $0 == "[" }
        let end = rest.dropFirst(body.count).prefix(1)
        rest = rest.dropFirst(body.count + 1)
        return String(body) + String(end)
    }
}

extension PaperTerminal.State {
    mutating func print(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\r": column = 0
        case "\n":
            (row, column) = (row + 1, 0)
            if row == lines.count { lines.append("") }
        default: put(Character(scalar))
        }
    }

    private mutating func put(_ character: Character) {
        if column == size.columns {
            guard wraps else { return }
            print("\n")
        }
        var line = Array(lines[row])
        while line.count <= column { line.append(" ") }
        line[column] = character
        lines[row] = String(line)
        column += 1
    }

    mutating func obey(_ sequence: String) {
        switch sequence {
        case "[K": lines[row] = String(lines[row].prefix(column))
        case "[J":
            lines[row] = String(lines[row].prefix(column))
            for below in lines.indices.dropFirst(row + 1) { lines[below] = "" }
        case "[?25l", "[?25h": isCursorShown = sequence.last == "h"
        case "[?7l", "[?7h": wraps = sequence.last == "h"
        case _ where sequence.last == "A":
            row = max(top, row - (Int(sequence.dropFirst().dropLast()) ?? 1))
        default: unknown.append(sequence)
        }
    }

    /// The first line on the screen; a cursor goes no higher.
    private var top: Int { max(0, lines.count - size.rows) }

    /// Folds lines that no longer fit, as terminals do.
    mutating func resize(to size: TerminalSize) {
        var folded: [String] = []
        var newRow = 0
        for (index, line) in lines.enumerated() {
            if index == row { newRow = folded.count }
            var rest = line[...]
            repeat {
                folded.append(String(rest.prefix(size.columns)))
                rest = rest.dropFirst(size.columns)
            } while !rest.isEmpty
        }
        (lines, row, self.size) = (folded, newRow, size)
    }
}
