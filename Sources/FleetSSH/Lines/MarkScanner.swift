import Foundation

/// Takes a stream apart at the headings that begin with a mark.
struct MarkScanner: Sendable {
    enum Piece: Hashable, Sendable {
        /// The words of a heading's line.
        case heading([String])
        /// Some of what follows a heading, or comes before the first.
        case bytes(ArraySlice<UInt8>)
    }

    private let mark: LineMark
    /// What may turn out to be a heading.
    private var pending: [UInt8] = []

    /// Longer than any heading of ours.
    private static let longestHeading = 4_096

    init(_ mark: LineMark) { self.mark = mark }

    mutating func take(_ bytes: [UInt8]) -> [Piece] {
        var rest = (pending.isEmpty ? bytes : pending + bytes)[...]
        var pieces: [Piece] = []
        pending = []
        while let start = nextMark(in: rest) {
            if start > rest.startIndex { pieces.append(.bytes(rest[..<start])) }
            rest = rest[start...]
            guard let end = lineEnd(in: rest) else {
                pending = Array(rest)
                return pieces
            }
            pieces.append(.heading(words(of: rest[..<end])))
            rest = rest[(end + 1)...]
        }
        let tail = startOfTail(rest)
        if tail > rest.startIndex { pieces.append(.bytes(rest[..<tail])) }
        pending = Array(rest[tail...])
        return pieces
    }

    /// The stream is at its end: what looked like the start of a mark was none.
    mutating func finish() -> ArraySlice<UInt8> {
        defer { pending = [] }
        return pending[...]
    }

    private func words(of line: ArraySlice<UInt8>) -> [String] {
        let text = String(decoding: line.dropFirst(mark.bytes.count), as: UTF8.self)
        return text.split(separator: " ").map(String.init)
    }

    private func lineEnd(in bytes: ArraySlice<UInt8>) -> Int? {
        bytes.prefix(Self.longestHeading).firstIndex(of: UInt8(ascii: "\n"))
    }

    private func nextMark(in bytes: ArraySlice<UInt8>) -> Int? {
        var start = bytes.startIndex
        while let candidate = firstSeparator(in: bytes[start...]) {
            if bytes[candidate...].starts(with: mark.bytes) { return candidate }
            start = candidate + 1
        }
        return nil
    }

    /// Where a mark may have begun that is not all there yet.
    private func startOfTail(_ bytes: ArraySlice<UInt8>) -> Int {
        let tail = bytes.suffix(mark.bytes.count - 1)
        return firstSeparator(in: tail) ?? bytes.endIndex
    }

    /// In one call, because megabytes come through here.
    private func firstSeparator(in bytes: ArraySlice<UInt8>) -> Int? {
        let offset = bytes.withUnsafeBytes { bytes -> Int? in
            guard let start = bytes.baseAddress, !bytes.isEmpty,
                let found = memchr(start, Int32(LineMark.firstByte), bytes.count)
            else { return nil }
            return found - UnsafeMutableRawPointer(mutating: start)
        }
        return offset.map { bytes.startIndex + $0 }
    }
}
