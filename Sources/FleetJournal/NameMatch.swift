import FleetModel

/// What somebody meant who typed a name, or the beginning of one.
struct NameMatch<Candidate: Name> {
    /// The names that begin so; just the one when it was typed in full.
    let matches: [Candidate]
    /// When nothing matches, the names that look most like it, best first.
    let near: [Candidate]

    var only: Candidate? { matches.count == 1 ? matches.first : nil }

    init(_ text: String, among names: [Candidate]) {
        let exact = names.filter { $0.rawValue == text }
        let beginning = names.filter { !text.isEmpty && $0.rawValue.hasPrefix(text) }
        matches = exact.isEmpty ? beginning : exact
        near = matches.isEmpty ? Self.nearest(to: text, among: names) : []
    }

    private static func nearest(to text: String, among names: [Candidate]) -> [Candidate] {
        let measured = names.map { (name: $0, distance: distance(text, $0.rawValue)) }
        let ranked = measured.enumerated().sorted {
            ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset)
        }
        return ranked.prefix(shownNames).map(\.element.name)
    }

    /// How many letters must be changed, put in or taken out (Levenshtein).
    private static func distance(_ typed: String, _ name: String) -> Int {
        let (typed, name) = (Array(typed.utf8.prefix(longestTyped)), Array(name.utf8))
        var row = Array(0...name.count)
        for (line, letter) in typed.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for column in name.indices {
                let change = diagonal + (letter == name[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(change, diagonal + 1, row[column] + 1)
            }
        }
        return row[name.count]
    }
}

/// More names than this are no help.
private let shownNames = 3

/// No name is longer, and what somebody pasted may be a whole file.
private let longestTyped = 64
