import FleetModel

/// Takes secrets out of bytes that may be no text at all.
struct Redaction {
    private let secrets: [[UInt8]]

    /// Longer secrets first, so that one within another leaves no rest of it.
    init(_ secrets: [String]) {
        self.secrets = secrets.map { Array($0.utf8) }.filter { !$0.isEmpty }
            .sorted { $0.count > $1.count }
    }

    func streams(of result: CommandResult) -> [(OutputStream, [UInt8])] {
        let killed = Array(result.killed.joined(separator: "\n").utf8)
        return [
            (.stdout, clean(result.stdout)), (.stderr, clean(result.stderr)),
            (.killed, clean(killed)),
        ]
    }

    func clean(_ bytes: [UInt8]) -> [UInt8] {
        secrets.reduce(bytes) { bytes, secret in replace(secret, in: bytes) }
    }

    private func replace(_ secret: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        guard bytes.firstRange(of: secret) != nil else { return bytes }
        var result: [UInt8] = []
        var rest = bytes[...]
        while let range = rest.firstRange(of: secret) {
            result += rest[..<range.lowerBound] + Array("[REDACTED]".utf8)
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}
