/// Keeps a stream's sections, which the headings of a line's mark begin.
///
/// What comes before the first is noise: a banner from `.bashrc`, say. What comes
/// after the heading of the last is nobody's: a process left in the background.
struct SectionReader: Sendable {
    private(set) var sections: [Section] = []
    /// The beginning of what is not ours, to show to an operator.
    private(set) var noise: [UInt8] = []
    private var scanner: MarkScanner
    private let limit: Int

    private static let noiseKept = 400

    /// Keeps at most `limit` bytes of each section.
    init(mark: LineMark, limit: Int) {
        (scanner, self.limit) = (MarkScanner(mark), limit)
    }

    var isOver: Bool { sections.last?.name == Section.last }

    mutating func take(_ bytes: [UInt8]) {
        guard !isOver else { return }
        for piece in scanner.take(bytes) where !isOver {
            switch piece {
            case .heading(let words): sections.append(Section(words))
            case .bytes(let bytes): keep(bytes)
            }
        }
    }

    mutating func finish() {
        guard !isOver else { return }
        keep(scanner.finish())
    }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) {
        guard !bytes.isEmpty else { return }
        guard !sections.isEmpty else {
            return noise.append(contentsOf: bytes.prefix(Self.noiseKept - noise.count))
        }
        sections[sections.count - 1].take(bytes, limit: limit)
    }
}
