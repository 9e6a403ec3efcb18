import FleetTestKit

extension SeededGenerator {
    mutating func bytes(atMost most: Int) -> [UInt8] {
        (0..<Int.random(in: 0...most, using: &self)).map { _ in
            UInt8.random(in: 0...255, using: &self)
        }
    }

    /// The bytes with a few of them cut, changed, repeated or replaced by one of the tokens.
    mutating func mutated(_ original: [UInt8], tokens: [[UInt8]] = [[0]]) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...6, using: &self) where !bytes.isEmpty {
            let start = Int.random(in: 0..<bytes.count, using: &self)
            let range = start..<min(bytes.count, start + Int.random(in: 0...12, using: &self))
            switch Int.random(in: 0..<4, using: &self) {
            case 0: bytes.removeSubrange(range)
            case 1: bytes[start] = UInt8.random(in: 0...255, using: &self)
            case 2: bytes.insert(contentsOf: Array(bytes[range]), at: start)
            default:
                let token = tokens.randomElement(using: &self) ?? []
                bytes.insert(contentsOf: token, at: start)
            }
        }
        return bytes
    }
}
