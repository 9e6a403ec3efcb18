/// Paints one frame over the other at the bottom of a terminal.
///
/// It does not flicker, because nothing is cleared before it is written anew:
/// each line is overwritten and only its old end erased, and a frame goes out
/// in a single write. Lines do not wrap while it is in charge, so that a sign
/// which a terminal draws wider than we think cannot shift the frame.
///
/// The screen has one owner; put it behind an actor or a lock to share it.
public struct LiveScreen: Sendable {
    private let size: @Sendable () -> TerminalSize
    private let write: @Sendable (String) -> Void
    private var painted: Frame?
    private var isInCharge = false

    private struct Frame: Hashable {
        var lines: [String]
        var size: TerminalSize
    }

    /// Shows the cursor and lets lines wrap again. A process that ends without
    /// ``finish()`` must write this.
    public static let restoration = "\u{1B}[?25h\u{1B}[?7h"

    /// `size` is asked before each frame, so a resized window is filled with the
    /// next one. `write` gets whole frames and must not buffer them.
    public init(
        size: @escaping @Sendable () -> TerminalSize, write: @escaping @Sendable (String) -> Void
    ) {
        (self.size, self.write) = (size, write)
    }

    /// Shows what `draw` makes for the width and height there are. A frame that
    /// is on the screen already is not painted again.
    public mutating func show(_ draw: (_ width: Int, _ height: Int) -> [String]) {
        let size = size()
        // The cursor rests on the line below the frame.
        let room = max(0, size.rows - 1)
        let frame = Frame(lines: Array(draw(size.columns, room).prefix(room)), size: size)
        guard frame != painted else { return }
        write(takingCharge + home(in: size) + text(frame.lines) + eraseBelow)
        painted = frame
    }

    /// Prints lines that stay, above the frame.
    public mutating func say(_ lines: [String]) {
        let size = size()
        let frame = painted?.lines ?? []
        write(home(in: size) + text(lines) + text(frame) + eraseBelow)
        painted = painted.map { Frame(lines: $0.lines, size: size) }
    }

    /// Leaves the last frame where it is and gives the terminal back.
    public mutating func finish() {
        guard isInCharge else { return }
        write(Self.restoration)
        (isInCharge, painted) = (false, nil)
    }
}

extension LiveScreen {
    private var takingCharge: String {
        mutating get {
            guard !isInCharge else { return "" }
            isInCharge = true
            return "\u{1B}[?25l\u{1B}[?7l"
        }
    }

    /// Back to the first line of the frame that is on the screen.
    private func home(in size: TerminalSize) -> String {
        guard let painted else { return "" }
        let rows = painted.lines.reduce(0) { $0 + height(of: $1, from: painted.size, in: size) }
        let up = min(rows, max(0, size.rows - 1))
        return up > 0 ? "\r\u{1B}[\(up)A" : "\r"
    }

    /// A window that became narrower has folded the lines that were too wide for it.
    private func height(of line: String, from old: TerminalSize, in new: TerminalSize) -> Int {
        guard new.columns < old.columns, new.columns > 0 else { return 1 }
        let columns = min(line.withoutSequences.columns, old.columns)
        return max(1, (columns + new.columns - 1) / new.columns)
    }

    private func text(_ lines: [String]) -> String {
        lines.map { "\($0)\u{1B}[K\n" }.joined()
    }

    private var eraseBelow: String { "\u{1B}[J" }
}

extension String {
    /// The text without its colours: what is left when every sequence from
    /// `ESC [` to its closing letter is gone.
    var withoutSequences: String {
        var result = UnicodeScalarView()
        var isInSequence = false
        for scalar in unicodeScalars {
            if scalar == "\u{1B}" {
                isInSequence = true
            } else if !isInSequence {
                result.append(scalar)
            } else if ("@"..."~").contains(scalar), scalar != "[" {
                isInSequence = false
            }
        }
        return String(result)
    }
}
