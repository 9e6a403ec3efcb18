import Testing

@testable import FleetJournal

@Suite struct `Crockford's base 32` {
    @Test(arguments: [
        ([], ""), ([0], "00"), ([255], "ZW"), (Array("hello".utf8), "D1JPRV3F"),
        (Array(0..<32), "000G40R40M30E209185GR38E1W8124GK2GAHC5RR34D1P70X3RFG"),
    ])
    func `encodes five bits at a time`(bytes: [UInt8], text: String) {
        #expect(CrockfordBase32.encode(bytes) == text)
    }

    @Test func `is read forgivingly`() {
        #expect(CrockfordBase32.normalized("7f3k") == "7F3K")
        #expect(CrockfordBase32.normalized("oIl-2") == "011-2")
    }
}
