import FleetModel

/// Takes secrets out of bytes that may be no text at all.
struct Redaction {
    private let secrets: [[UInt8]]
    /// Whether there were secrets of which only that is known.
    private let areForgotten: Bool

    /// Longer secrets first, so that one within another leaves no rest of it.
    init(_ secrets: [String]) {
        self.secrets = secrets.map { Array($0.utf8) }.filter { !$0.isEmpty }
            .sorted { $0.count > $1.count }
        areForgotten = secrets.contains(Command.redactionMark)
    }

    func streams(of result: CommandResult) -> [(OutputStream, [UInt8])] {
        let killed = Array(result.killed.joined(separator: "\n").utf8)
        return [
            (.stdout, clean(result.stdout)), (.stderr, clean(result.stderr)),
            (.killed, clean(killed)),
        ]
    }

    func clean(_ bytes: [UInt8]) -> [UInt8] {
        guard !areForgotten else { return bytes.isEmpty ? [] : Self.withheld }
        return secrets.reduce(bytes) { bytes, secret in replace(secret, in: bytes) }
    }

    private func replace(_ secret: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        guard bytes.firstRange(of: secret) != nil else { return bytes }
        var result: [UInt8] = []
        var rest = bytes[...]
        while let range = rest.firstRange(of: secret) {
            result += rest[..<range.lowerBound] + Array(Command.redactionMark.utf8)
            rest = rest[range.upperBound...]
        }
        return result + rest
    }

    private static let withheld = Array(
        "\(Command.redactionMark): it may hold secrets that are no longer known\n".utf8)
}
