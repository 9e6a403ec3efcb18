/// The query of a request, decoded.
struct APIQuery: Sendable {
    private let values: [String: String]

    /// - Parameter text: what follows the question mark.
    init(_ text: some StringProtocol) {
        var values: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = sides[0].percentDecoded(plusIsSpace: true)
            let value = sides.count == 2 ? sides[1].percentDecoded(plusIsSpace: true) : ""
            // The first of several counts, as in Go's url.Values.
            if values[key] == nil { values[key] = value }
        }
        self.values = values
    }

    subscript(name: String) -> String? { values[name] }

    /// Whether a flag is given and not false.
    func isSet(_ name: String) -> Bool {
        guard let value = values[name] else { return false }
        return value != "false" && value != "0"
    }

    func number(_ name: String) -> Int? { values[name].flatMap { Int($0) } }
}
