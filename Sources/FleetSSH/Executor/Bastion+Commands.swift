import FleetModel
import FleetRunner

extension Bastion {
    /// The words of a command, with the tool's path where the inventory fixes it.
    func words(of command: Command) -> [String] {
        let tool = command.argv[0]
        return [tools[tool] ?? tool] + command.argv.dropFirst()
    }

    /// What is added to a command's environment, as `NAME=VALUE`.
    var variables: [String] {
        environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }

    func lacks(_ tool: String) -> String {
        "\(tool.quoted) was not found on bastion \(name.rawValue.quoted)"
            + ClusterTool.remedy(forMissing: tool)
    }

    /// Why a command can't be run as it is, or `nil` when it can.
    func objection(to command: Command, _ id: CommandID) -> String? {
        let words = command.argv + variables
        guard !words.contains(where: { $0.utf8.contains(0) }) else {
            return "an argument holds a NUL byte, which no program can be given"
        }
        guard !words.contains(where: { $0.utf8.count > longestWord }) else {
            return "an argument is longer than the 128 KiB that Linux allows; use stdin"
        }
        if let name = environment.keys.sorted().first(where: { !$0.isVariableName }) {
            return "\(name.quoted) can't be the name of a variable"
        }
        return id.objection
    }
}

/// `MAX_ARG_STRLEN` of Linux, without the byte that ends a word.
private let longestWord = 131_071

extension String {
    fileprivate var isVariableName: Bool {
        guard let first = utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
        else { return false }
        return utf8.allSatisfy { $0 == UInt8(ascii: "_") || $0.isLetterOrDigit }
    }
}

extension UInt8 {
    fileprivate var isLetterOrDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}
