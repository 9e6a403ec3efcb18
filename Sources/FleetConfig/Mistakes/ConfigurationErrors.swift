public import FleetModel

/// Every mistake of every file that was read, in the order of their places.
public struct ConfigurationErrors: OperatorError, Hashable {
    /// Sorted by place, each once, never empty.
    public let mistakes: [ConfigurationMistake]

    /// How many mistakes are printed: more than anybody mends in one sitting, and
    /// far fewer than a file of another format would scroll past.
    static let mistakesPrinted = 100

    public init(_ mistakes: [ConfigurationMistake]) {
        precondition(!mistakes.isEmpty, "A configuration without mistakes is no error.")
        self.mistakes = Set(mistakes).sorted()
    }

    public var problem: String {
        mistakes.count == 1 ? mistakes[0].problem : "the configuration has \(count)"
    }

    public var place: String? { mistakes.count == 1 ? mistakes[0].place : nil }
    public var hint: String? { mistakes.count == 1 ? mistakes[0].hint : nil }

    /// All mistakes as the command line prints them, then how many there are.
    public var description: String {
        guard mistakes.count > 1 else { return mistakes[0].description }
        let printed = mistakes.prefix(Self.mistakesPrinted).map(\.description)
        return (printed + [closing]).joined(separator: "\n\n")
    }

    private var closing: String {
        let files = Set(mistakes.compactMap(\.location?.file)).count
        let left = mistakes.count - Self.mistakesPrinted
        let unprinted = left > 0 ? "; \(left) of them not shown" : ""
        // What isn't there has no place in any file.
        let places = files == 0 ? "" : files == 1 ? " in 1 file" : " in \(files) files"
        return "\(count)\(places)\(unprinted)."
    }

    private var count: String { "\(mistakes.count) mistakes" }
}
