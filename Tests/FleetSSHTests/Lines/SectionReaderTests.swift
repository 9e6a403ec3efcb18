import FleetTestKit
import Foundation
import Testing

@testable import FleetSSH

/// What comes over a line, taken apart, however it is cut and whatever is in it.
struct SectionReaderTests {
    private let mark = LineMark("0123456789abcdef0123456789abcdef")

    private func read(_ pieces: [[UInt8]], limit: Int = 1 << 20) -> SectionReader {
        var reader = SectionReader(mark: mark, limit: limit)
        for piece in pieces { reader.take(piece) }
        reader.finish()
        return reader
    }

    private func heading(_ words: String) -> [UInt8] { mark.bytes + Array(" \(words)\n".utf8) }

    @Test func `an answer is the same however it is cut`() {
        var generator = SeededGenerator(seed: 21)
        for _ in 0..<1_000 {
            let output = generator.bytes(atMost: 80)
            let noise = generator.bytes(atMost: 30)
            let whole =
                noise + heading("begin 1 2 3") + output + heading("end 7")
                + generator.bytes(atMost: 20)
            let reader = read(generator.pieces(of: whole))
            #expect(reader.isOver)
            #expect(reader.noise == noise)
            #expect(reader.sections.map(\.words) == [["begin", "1", "2", "3"], ["end", "7"]])
            #expect(reader.sections.first?.bytes == output)
        }
    }

    /// Never more is kept than was sent, nor than is allowed; and without the mark nothing
    /// is an answer.
    @Test func `whatever comes, reading it ends`() {
        var generator = SeededGenerator(seed: 22)
        let good =
            Array("hello\n".utf8) + heading("begin 1 2 3") + heading("out") + heading("end 0")
        let tokens = [mark.bytes, [LineMark.firstByte], Array(mark.word.utf8), [0x0A], [0x20]]
        for round in 0..<3_000 {
            let bytes =
                round.isMultiple(of: 3)
                ? generator.bytes(atMost: 200) : generator.mutated(good, tokens: tokens)
            let reader = read(generator.pieces(of: bytes), limit: 16)
            let kept = reader.sections.reduce(reader.noise.count) { $0 + $1.bytes.count }
            #expect(kept <= bytes.count)
            #expect(reader.sections.allSatisfy { $0.bytes.count <= 16 })
            if bytes.firstRange(of: mark.bytes) == nil { #expect(reader.sections.isEmpty) }
            _ = ReadLeader(reader.sections.first?.words ?? [])
        }
    }

    /// A heading that never ends must not grow, or be read ever anew.
    @Test func `a heading without an end is no heading`() {
        var reader = SectionReader(mark: mark, limit: 16)
        reader.take(mark.bytes)
        for _ in 0..<200 { reader.take([UInt8](repeating: 0x41, count: 1_024)) }
        reader.finish()
        #expect(!reader.isOver)
        #expect(reader.sections.isEmpty)
        #expect(reader.noise.count <= 400)
    }
}

extension SeededGenerator {
    /// The bytes in pieces, some of which are empty.
    fileprivate mutating func pieces(of bytes: [UInt8]) -> [[UInt8]] {
        var (rest, pieces) = (bytes[...], [[UInt8]]())
        while !rest.isEmpty {
            let count = Int.random(in: 0...min(rest.count, 40), using: &self)
            pieces.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return pieces
    }
}
