/// Writes the requests that a dispatching shell reads.
///
/// A shell reads byte by byte, which takes longer than anything else it does. So what a
/// line has in common with the one before is sent once, as the start of those to come.
struct DispatchRequests {
    private var start: ArraySlice<UInt8> = []
    private var previous: [UInt8] = []

    /// Less in common isn't worth its heading.
    private static let leastShared = 256

    mutating func run(_ number: Int, _ text: [UInt8], stdin: ArraySlice<UInt8>) -> [UInt8] {
        defer { previous = text }
        guard let rest = rest(of: text) else {
            let shared = shared(by: text, and: previous)
            guard shared.count >= Self.leastShared else {
                return request(number, text[...], stdin, isRest: false)
            }
            start = shared
            let heading = "start \(Self.newlines(in: shared))\n"
            let request = request(number, text[shared.count...], stdin, isRest: true)
            return Array(heading.utf8) + shared + "\n".utf8 + request
        }
        return request(number, rest, stdin, isRest: true)
    }

    static func look(_ number: Int) -> [UInt8] { Array("look \(number)\n".utf8) }

    static func forget(_ numbers: [Int]) -> [UInt8] {
        Array("forget \(numbers.map(String.init).joined(separator: " "))\n".utf8)
    }

    private func request(
        _ number: Int, _ text: ArraySlice<UInt8>, _ stdin: ArraySlice<UInt8>, isRest: Bool
    ) -> [UInt8] {
        let counts = "\(number) \(Self.newlines(in: text)) \(stdin.count)"
        let heading = "run \(counts)\(isRest ? " start" : "")\n"
        let input = stdin.isEmpty ? [] : Array(stdin) + "\n".utf8
        return Array(heading.utf8) + text + "\n".utf8 + input
    }

    private func rest(of text: [UInt8]) -> ArraySlice<UInt8>? {
        guard !start.isEmpty, text.starts(with: start) else { return nil }
        return text[start.count...]
    }

    /// Ends with an ASCII character, so that no shell ever sees half of another.
    private func shared(by text: [UInt8], and other: [UInt8]) -> ArraySlice<UInt8> {
        let count = zip(text, other).prefix { $0 == $1 }.count
        let end = text[..<count].lastIndex { $0 < 0x80 }
        return text[..<(end.map { $0 + 1 } ?? 0)]
    }

    private static func newlines(in text: ArraySlice<UInt8>) -> Int {
        text.count { $0 == UInt8(ascii: "\n") }
    }
}
