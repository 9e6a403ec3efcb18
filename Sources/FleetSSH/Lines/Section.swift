/// A part of what a line printed: the words of its heading, and what follows it.
struct Section: Hashable, Sendable {
    let words: [String]
    private(set) var bytes: [UInt8] = []
    /// Whether there was more than was kept.
    private(set) var isTruncated = false

    init(_ words: [String]) { self.words = words }

    /// The first word of the last section of a stream.
    static let last = "end"

    var name: String { words.first ?? "" }
    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func take(_ more: ArraySlice<UInt8>, limit: Int) {
        let room = limit - bytes.count
        if more.count > room { isTruncated = true }
        bytes.append(contentsOf: more.prefix(max(0, room)))
    }
}
