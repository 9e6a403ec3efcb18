import FleetModel

/// Where the operator said that things are, for the commands in hints to say it again.
///
/// Whoever makes a hint knows the run and the cluster, but not by which options they were
/// found. So what is missing is put in at the one door through which every word goes out.
struct Whereabouts: Sendable {
    private let options: [(name: String, value: String)]

    /// - Parameter arguments: the words of the command line, without the program's own name.
    init(_ arguments: [String]) {
        // What follows is for another program.
        let own = Array(arguments.prefix { $0 != "--" })
        options = Self.names.compactMap { name in
            Self.value(of: name, in: own).map { (name, $0) }
        }
    }

    private static let names = ["--project", "--inventory", "--journal", "--directory"]

    private static func value(of name: String, in arguments: [String]) -> String? {
        if let index = arguments.lastIndex(of: name), index + 1 < arguments.count {
            return arguments[index + 1]
        }
        let joined = arguments.last { $0.hasPrefix("\(name)=") }
        return joined.map { String($0.dropFirst(name.count + 1)) }
    }

    /// The text with these options in every command of ours that stands between backticks.
    ///
    /// A line of JSON stays as it is: it is for programs, which know where they look.
    func completing(_ text: String) -> String {
        let hasCommand = text.utf8.contains(UInt8(ascii: "`"))
        guard !options.isEmpty, hasCommand, !text.hasPrefix("{") else { return text }
        return text.replacing(/`(bellwether [^`\n]+)`/) { match in
            "`\(completed(String(match.1)))`"
        }
    }

    private func completed(_ command: String) -> String {
        let isOfLab = command.hasPrefix("bellwether lab ")
        let words = command.split(separator: " ").map(String.init)
        guard !words.contains("--help") else { return command }
        return options.filter { ($0.name == "--directory") == isOfLab && !words.contains($0.name) }
            .reduce(command) { "\($0) \($1.name) \($1.value.shellQuoted)" }
    }
}
