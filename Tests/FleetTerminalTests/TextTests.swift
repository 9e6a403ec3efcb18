import FleetModel
import Testing

@testable import FleetTerminal

struct TextTests {
    @Test(arguments: [
        ("edge-01", 7), ("", 0), ("集群", 4), ("한국", 4), ("ｗ", 2), ("e\u{301}", 1), ("🚀", 2),
        ("👩‍👩‍👧‍👦", 2), ("🇳🇱", 2), ("❤️", 2), ("✔▶✗◌…–█░", 8), ("a\u{200B}b", 2), ("각", 2),
        ("\u{1100}\u{1161}\u{11A8}", 2), ("क्ष", 2), ("a\u{1B}b", 2),
    ])
    func `a text is as wide as a terminal draws it`(text: String, columns: Int) {
        #expect(text.columns == columns)
    }

    @Test func `a text that fits is left alone`() {
        #expect("edge-01".fitted(to: 7, ellipsis: "…") == "edge-01")
    }

    @Test func `a text that is too wide ends in an ellipsis`() {
        #expect("edge-014".fitted(to: 7, ellipsis: "…") == "edge-0…")
    }

    @Test func `a wide character is never cut in half`() {
        #expect("集群一".fitted(to: 4, ellipsis: "…") == "集…")
    }

    @Test func `where not even the ellipsis fits the text is cut without one`() {
        #expect("edge".fitted(to: 2, ellipsis: "...") == "ed")
        #expect("edge".fitted(to: 0, ellipsis: "…") == "")
        #expect("edge".fitted(to: -3, ellipsis: "…") == "")
    }

    @Test func `nothing a terminal would obey is left in a text`() {
        #expect("a\u{1B}[2Jb\r\nc\td".printable == "a\u{FFFD}[2Jb  c d")
    }

    @Test func `a mark that turns the writing direction is made visible`() {
        #expect("edge\u{202E}10".printable == "edge\u{FFFD}10")
    }

    @Test func `a mark at the beginning of a text cannot join what it is printed after`() {
        #expect("\u{FE0F}\u{301}a".printable == "a")
    }

    @Test func `words are wrapped at the width and long words broken`() {
        #expect("one two three".wrapped(to: 7) == ["one two", "three"])
        #expect("a verylongword b".wrapped(to: 6) == ["a", "verylo", "ngword", "b"])
        #expect("".wrapped(to: 6) == [])
        #expect("集a".wrapped(to: 1) == ["a"])
    }

    @Test func `a command between backticks is not broken over two lines`() {
        #expect(
            "To go on, run `bellwether resume 7F3K`.".wrapped(to: 30)
                == ["To go on, run", "`bellwether resume 7F3K`."])
    }

    @Test func `colour needs a terminal that nobody asked to be plain`() {
        let painted = Style(isTerminal: true, environment: ["LANG": "C.UTF-8"])
        #expect(painted.paint("no", .red) == "\u{1B}[31mno\u{1B}[0m")
        #expect(!Style(isTerminal: false, environment: [:]).hasColour)
        #expect(!Style(isTerminal: true, environment: ["NO_COLOR": "1"]).hasColour)
        #expect(!Style(isTerminal: true, environment: ["TERM": "dumb"]).hasColour)
        #expect(Style(isTerminal: true, environment: ["NO_COLOR": ""]).hasColour)
    }

    @Test func `only a terminal has an edge to be cut at`() {
        #expect(Style(isTerminal: true, environment: [:]).cutsLines)
        let pipe = Style(isTerminal: false, environment: ["LANG": "C.UTF-8"])
        let line = Line("edge-01, edge-02")
        #expect(line.fitted(to: 9, style: pipe).text(pipe) == "edge-01, edge-02")
        #expect(line.fitted(to: 9, style: .plain).text(.plain) == "edge-01,…")
    }

    @Test(arguments: [
        (["LANG": "en_GB.UTF-8"], true), (["LANG": "C"], false), ([:], false),
        (["LANG": "C.utf8", "LC_ALL": "POSIX"], false), (["LC_CTYPE": "C.UTF-8"], true),
        (["LC_ALL": "", "LANG": "nl_NL.UTF-8"], true),
    ])
    func `the locale says which signs there are`(environment: [String: String], unicode: Bool) {
        #expect(Style(isTerminal: true, environment: environment).hasUnicode == unicode)
    }

    @Test func `off UTF-8 every column that is not ASCII becomes a question mark`() {
        let ascii = Style(isTerminal: false, noColour: true, isUTF8: false)
        #expect(Line("集 café").text(ascii) == "?? caf?")
    }

    @Test func `a line ends with what is seen last`() {
        let line = Line("edge", .bold) + Line("   ", .faint) + "  "
        #expect(line.text(.plain) == "edge")
    }

    @Test(arguments: [("it ended", "it ended."), ("did it?", "did it?"), ("", ""), ("a.", "a.")])
    func `a sentence has one stop`(words: String, sentence: String) {
        #expect(words.sentence == sentence)
    }

    @Test func `a list names what fits and counts the rest`() {
        let names = ["edge-01", "edge-02", "edge-03", "edge-04"]
        #expect(names.listed(within: 34, style: .plain) == "edge-01, edge-02, edge-03, edge-04")
        #expect(names.listed(within: 33, style: .plain) == "edge-01, edge-02 and 2 more")
        #expect(names.listed(within: 26, style: .plain) == "edge-01 and 3 more")
        #expect(names.listed(within: 5, style: .plain) == "edge-01 and 3 more")
        #expect([String]().listed(within: 5, style: .plain) == "")
    }
}
