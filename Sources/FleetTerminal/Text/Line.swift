/// One line of the screen: pieces of text, each in its ink.
///
/// Views are put together from lines and turned into text last, so that widths
/// are measured on what is seen and never on escape sequences. Whatever goes
/// into a line is made printable on the way.
struct Line: Hashable, Sendable {
    private(set) var spans: [Span] = []

    struct Span: Hashable, Sendable {
        let text: String
        let ink: Ink
        /// Kept, because measuring is most of the work of drawing.
        let columns: Int

        init(_ text: String, _ ink: Ink) {
            (self.text, self.ink, columns) = (text, ink, text.columns)
        }
    }

    init(_ text: String = "", _ ink: Ink = .plain) {
        if !text.isEmpty { spans = [Span(text.printable, ink)] }
    }

    var columns: Int { spans.reduce(0) { $0 + $1.columns } }
    var isEmpty: Bool { spans.isEmpty }

    static func + (line: Line, other: Line) -> Line {
        var line = line
        line.spans += other.spans
        return line
    }

    static func + (line: Line, text: String) -> Line { line + Line(text) }
    static func += (line: inout Line, other: Line) { line.spans += other.spans }
    static func += (line: inout Line, text: String) { line += Line(text) }
}

extension Line {
    func indented(by columns: Int) -> Line { Line(.blanks(columns)) + self }

    /// The line followed by blanks, to be at least this wide.
    func padded(to width: Int) -> Line { self + Line(.blanks(width - columns)) }

    /// The line after blanks, to be at least this wide.
    func paddedAhead(to width: Int) -> Line { Line(.blanks(width - columns)) + self }

    /// As much of the line as fits the width, with the style's ellipsis where it was cut;
    /// all of it where the style cuts nothing.
    func fitted(to width: Int, style: Style) -> Line {
        guard columns > width, style.cutsLines else { return self }
        let ellipsis = style.symbols.ellipsis
        let room = width - ellipsis.columns
        return room < 1 ? clipped(to: width) : clipped(to: room) + ellipsis
    }

    private func clipped(to width: Int) -> Line {
        var result = Line()
        var room = width
        for span in spans where room > 0 {
            let isWhole = span.columns <= room
            result.spans.append(isWhole ? span : Span(span.text.clipped(to: room), span.ink))
            room = isWhole ? room - span.columns : 0
        }
        return result
    }

    /// The line as a terminal takes it, without blanks at its end.
    func text(_ style: Style) -> String {
        trimmed.spans.map { style.paint(style.hasUnicode ? $0.text : $0.text.asASCII, $0.ink) }
            .joined()
    }

    private var trimmed: Line {
        var result = self
        while let last = result.spans.last, last.text.hasSuffix(" ") || last.text.isEmpty {
            result.spans.removeLast()
            let text = last.text.trimmingTrailingBlanks
            if !text.isEmpty { result.spans.append(Span(text, last.ink)) }
        }
        return result
    }
}

extension [Line] {
    /// The lines as a terminal takes them, none wider than asked if the style cuts them.
    func text(width: Int, style: Style) -> [String] {
        map { $0.fitted(to: width, style: style).text(style) }
    }
}

extension String {
    fileprivate var trimmingTrailingBlanks: String {
        guard let end = lastIndex(where: { $0 != " " }) else { return "" }
        return String(self[...end])
    }

    /// The text with a question mark for every column that isn't ASCII.
    fileprivate var asASCII: String {
        if isPlainASCII { return self }
        return map { $0.isASCII ? String($0) : String(repeating: "?", count: $0.columns) }.joined()
    }
}
