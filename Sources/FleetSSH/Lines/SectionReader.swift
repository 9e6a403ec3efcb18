import Foundation

/// Takes a stream apart into the sections that a line's mark begins.
///
/// What comes before the first is noise: a banner from `.bashrc`, say. What comes
/// after the heading of the last is nobody's: a process left in the background.
struct SectionReader: Sendable {
    private(set) var sections: [Section] = []
    /// The beginning of what is not ours, to show to an operator.
    private(set) var noise: [UInt8] = []
    private let mark: LineMark
    private let limit: Int
    private var pending: [UInt8] = []

    private static let noiseKept = 400
    /// Longer than any heading of ours.
    private static let longestHeading = 4_096

    /// Keeps at most `limit` bytes of each section.
    init(mark: LineMark, limit: Int) { (self.mark, self.limit) = (mark, limit) }

    var isOver: Bool { sections.last?.name == Section.last }

    mutating func take(_ bytes: [UInt8]) {
        guard !isOver else { return }
        var rest = (pending + bytes)[...]
        pending = []
        while !isOver, let start = nextMark(in: rest) {
            keep(rest[..<start])
            rest = rest[start...]
            guard let end = lineEnd(in: rest) else { return pending = Array(rest) }
            sections.append(heading(rest[..<end]))
            rest = rest[(end + 1)...]
        }
        guard !isOver else { return }
        let tail = startOfTail(rest)
        keep(rest[..<tail])
        pending = Array(rest[tail...])
    }

    /// The stream is at its end: what looked like the start of a mark was none.
    mutating func finish() {
        guard !isOver else { return }
        keep(pending[...])
        pending = []
    }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) {
        guard !bytes.isEmpty else { return }
        guard !sections.isEmpty else {
            return noise.append(contentsOf: bytes.prefix(Self.noiseKept - noise.count))
        }
        sections[sections.count - 1].take(bytes, limit: limit)
    }

    private func heading(_ line: ArraySlice<UInt8>) -> Section {
        let words = String(decoding: line.dropFirst(mark.bytes.count), as: UTF8.self)
        return Section(words.split(separator: " ").map(String.init))
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
