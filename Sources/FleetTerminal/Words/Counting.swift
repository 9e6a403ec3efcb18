extension [String] {
    /// The words as a person lists them: `a`, `a and b`, `a, b and c`.
    var enumerated: String {
        guard let last, count > 1 else { return first ?? "" }
        return dropLast().joined(separator: ", ") + " and " + last
    }

    /// As many of the words as fit the width, and how many more there are:
    /// `edge-01, edge-02 and 9 more`. All of them where the style cuts nothing.
    func listed(within width: Int, style: Style) -> String {
        let whole = joined(separator: ", ")
        guard style.cutsLines, whole.columns > width else { return whole }
        var shown = ""
        for (index, word) in self.enumerated() {
            let next = shown.isEmpty ? word : "\(shown), \(word)"
            let tail = " and \(count - index - 1) more"
            guard next.columns + tail.columns <= width || index == 0 else {
                return "\(shown) and \(count - index) more"
            }
            shown = next
        }
        return shown
    }
}
