import FleetModel

/// Values as they are wanted, whatever was written.
extension JSON {
    /// The string, unless it is empty.
    var nonEmpty: String? { string.flatMap { $0.isEmpty ? nil : $0 } }

    /// An array of nothing but strings.
    var texts: [String]? {
        guard let array else { return nil }
        let texts = array.compactMap(\.string)
        return texts.count == array.count ? texts : nil
    }

    /// A number of pods. No cluster has as many as the limit, which keeps sums
    /// of whatever an object says from overflowing.
    func count(_ key: String, default absent: Int = 0) -> Int {
        min(max(self[key]?.int ?? absent, 0), 1_000_000)
    }

    /// The documents that kubectl writes one after the other: each begins and ends with a brace
    /// at the start of a line, where no text within one can stand.
    static func documents(in text: String) -> [JSON] {
        let list = text.replacing("\n}\n{", with: "\n},\n{")
        return JSON(parsing: "[\(list)]")?.array ?? []
    }
}
