import FleetTestKit
import Foundation
import Testing

@testable import FleetSSH

/// Numbers and strings as SSH writes them, from whoever wrote them.
struct WireReaderTests {
    @Test func `what was written is read again`() {
        var generator = SeededGenerator(seed: 23)
        for _ in 0..<1_000 {
            let (bytes, number) = (
                generator.bytes(atMost: 60), UInt32.random(in: .min ... .max, using: &generator)
            )
            var reader = WireReader(number.bigEndianBytes + bytes.wireString + "word".wireString)
            #expect(reader.number() == number)
            #expect(reader.string() == bytes)
            #expect(reader.word() == "word")
            #expect(reader.isAtEnd)
            #expect(reader.byte() == nil)
        }
    }

    /// Each read takes what it gives, or nothing.
    @Test func `whatever the bytes are, no read goes beyond them`() {
        var generator = SeededGenerator(seed: 24)
        let good = "ssh-ed25519".wireString + [UInt8](1...32).wireString + [0, 0, 0, 9]
        for round in 0..<4_000 {
            let bytes =
                round.isMultiple(of: 2)
                ? generator.bytes(atMost: 40)
                : generator.mutated(good, tokens: [[0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0]])
            var reader = WireReader(bytes)
            var taken = 0
            while !reader.isAtEnd {
                let before = reader.remaining.count
                let count = generator.read(&reader)
                #expect(before - reader.remaining.count == count)
                taken += count
                if count == 0 { taken += reader.byte() == nil ? 0 : 1 }
            }
            #expect(taken == bytes.count)
            _ = PublicKey(blob: bytes).map(UserCertificate.init)
        }
    }
}

extension SeededGenerator {
    /// Reads anything; answers with how many bytes that should have taken.
    fileprivate mutating func read(_ reader: inout WireReader) -> Int {
        switch Int.random(in: 0..<5, using: &self) {
        case 0: reader.number() == nil ? 0 : 4
        case 1: reader.longNumber() == nil ? 0 : 8
        case 2: reader.string().map { $0.count + 4 } ?? 0
        case 3: reader.bytes(3) == nil ? 0 : 3
        default: reader.byte() == nil ? 0 : 1
        }
    }
}
