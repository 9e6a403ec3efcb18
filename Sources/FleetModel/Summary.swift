extension [String] {
    /// The first few, and how many more there are: messages stay readable on clusters with
    /// thousands of pods, and in fleets of hundreds of clusters.
    public var summary: String {
        let shown = prefix(longestSummary).joined(separator: ", ")
        return count > longestSummary ? "\(shown) and \(count - longestSummary) more" : shown
    }
}

private let longestSummary = 8
