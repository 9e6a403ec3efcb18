/// Finds what somebody meant to type.
enum NearestWord {
    /// Words longer than this are no typing mistake of ours, and comparing them costs
    /// the product of their lengths.
    private static let longestWord = 40

    /// The known word that fewest slips turn into the typed one, if that is plausible:
    /// at most one slip in three letters. Of equals the first wins.
    static func to(_ word: String, among known: [String]) -> String? {
        guard word.count <= longestWord else { return nil }
        let ranked = known.map { ($0, slips(from: word.lowercased(), to: $0.lowercased())) }
        guard let best = ranked.min(by: { $0.1 < $1.1 }) else { return nil }
        return best.1 <= max(1, best.0.count / 3) ? best.0 : nil
    }

    /// The known words that one slip turns into the typed one, in their order.
    static func neighbours(of word: String, among known: [String]) -> [String] {
        guard word.count <= longestWord else { return [] }
        return known.filter { slips(from: word.uppercased(), to: $0.uppercased()) <= 1 }
    }

    /// Letters to add, remove, replace or swap with their neighbour.
    static func slips(from word: String, to other: String) -> Int {
        let (word, other) = (Array(word), Array(other))
        var beforeLast: [Int] = []
        var last = Array(0...other.count)
        for row in 0..<word.count {
            var current = [row + 1]
            for column in 0..<other.count {
                let replaced = last[column] + (word[row] == other[column] ? 0 : 1)
                var cost = min(replaced, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, word[row] == other[column - 1],
                    word[row - 1] == other[column]
                {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            (beforeLast, last) = (last, current)
        }
        return last[other.count]
    }
}
