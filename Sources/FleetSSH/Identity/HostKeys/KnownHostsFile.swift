/// A known hosts file: its lines, and those that had to be skipped.
struct KnownHostsFile: Hashable, Sendable {
    struct Entry: Hashable {
        let line: KnownHostsLine
        /// `path:number`, counting from one.
        let place: String
    }

    struct Flaw: Hashable {
        let place: String
        let reason: String
    }

    private(set) var entries: [Entry] = []
    private(set) var flaws: [Flaw] = []

    /// Reads what it can. One broken line must not hide a revocation behind it.
    init(_ bytes: [UInt8], path: String) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() { take(line, at: "\(path):\(index + 1)") }
    }

    private mutating func take(_ line: ArraySlice<UInt8>, at place: String) {
        do throws(KnownHostsLine.Flaw) {
            if let line = try KnownHostsLine(line) {
                entries.append(Entry(line: line, place: place))
            }
        } catch {
            flaws.append(Flaw(place: place, reason: error.rawValue))
        }
    }

    /// Whether every name in the file stands behind a hash; `nil` when there is none.
    var isHashed: Bool? {
        let known = entries.filter { $0.line.marker == .known }
        return known.isEmpty ? nil : known.allSatisfy(\.line.isHashed)
    }
}
