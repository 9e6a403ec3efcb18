import FleetTestKit
import Testing

@testable import FleetSSH

struct MarkScannerTests {
    private let mark = LineMark("0123456789abcdef0123456789abcdef")

    @Test(arguments: 0..<50)
    func `however a stream is cut, its pieces are the same`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let heading = "\u{1e}\(mark.word)"
        let stream = Array(
            "noise\u{1e}no\(heading) out 7\na\nb\(heading) over 7 0\n\(heading)".utf8)
        var scanner = MarkScanner(mark)
        var (headings, text) = ([[String]](), [UInt8]())
        var rest = stream[...]
        while !rest.isEmpty {
            let part = rest.prefix(Int.random(in: 1...20, using: &generator))
            rest = rest.dropFirst(part.count)
            for piece in scanner.take(Array(part)) {
                switch piece {
                case .heading(let words): headings.append(words)
                case .bytes(let bytes): text += bytes
                }
            }
        }
        #expect(headings == [["out", "7"], ["over", "7", "0"]])
        #expect(String(decoding: text, as: UTF8.self) == "noise\u{1e}noa\nb")
        #expect(String(decoding: scanner.finish(), as: UTF8.self) == heading)
    }
}
