import FleetModel
import Testing

@testable import Takeovers

@Suite struct JSONTextTests {
    @Test(
        arguments: [
            ("null", JSON.null), (" true ", true), ("-0", 0), ("12", 12), ("1.5", 1.5),
            ("1e3", 1000.0),
            ("9223372036854775807", .int(.max)),
            ("9223372036854775808", .double(9.223372036854775808e18)),
            (#""a\"\\\/\b\f\n\r\té""#, "a\"\\/\u{8}\u{C}\n\r\té"),
            (#""\ud83d\ude00 \ud83d \ude00""#, "😀 \u{FFFD} \u{FFFD}"),
            ("[]", []), ("{}", [:]), ("[1,[2]]", [1, [2]]),
            (#"{"a":{"b":[null]}}"#, ["a": ["b": [nil]]]),
            (#"{"a":1,"a":2}"#, ["a": 2]),
        ] as [(String, JSON)])
    func `a document is read as it is written`(text: String, document: JSON) {
        #expect(JSON(parsing: text) == document)
    }

    @Test(arguments: [
        "", " ", "nul", "tru", "01", "1.", ".5", "+1", "1e", "--1", "\"", "\"\n\"", #""\x""#,
        #""\u12"#,
        "[", "[1,]", "[1 2]", "{", "{1:2}", #"{"a"}"#, #"{"a":1,}"#, "1 2", "{}}", "1e999", "NaN",
        "'a'",
    ])
    func `what is no document is none`(text: String) {
        #expect(JSON(parsing: text) == nil)
    }

    @Test func `nesting has a limit`() {
        let nested = { (depth: Int) in
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(JSON(parsing: nested(200)) != nil)
        #expect(JSON(parsing: nested(100_000)) == nil)
    }

    @Test func `a document and its text come back to each other`() throws {
        for (name, sample) in try Fixture.samples("pods").sorted(by: { $0.key < $1.key }) {
            #expect(JSON(parsing: sample.description) == sample, "\(name)")
        }
    }
}
