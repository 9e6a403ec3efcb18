/// A number with its noun: `1 cluster`, `4 clusters`.
public func counted(_ number: Int, _ noun: String) -> String {
    number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
}

extension String {
    /// The words with a full stop, unless they end as a sentence already.
    public var sentence: String {
        guard let last, !".?!".contains(last) else { return self }
        return self + "."
    }
}
