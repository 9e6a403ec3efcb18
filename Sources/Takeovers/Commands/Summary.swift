extension [String] {
    /// The first few, and how many more there are: messages stay readable on
    /// clusters with thousands of pods.
    var summary: String {
        let shown = prefix(8).joined(separator: ", ")
        return count > 8 ? "\(shown) and \(count - 8) more" : shown
    }
}
