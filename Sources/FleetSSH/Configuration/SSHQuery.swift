/// What `ssh` would be asked for: a name, perhaps with a user and a port.
public struct SSHQuery: Hashable, Sendable {
    /// The name as it is typed; the configuration may know another for it.
    public var name: String
    public var user: String?
    public var port: Int?

    public init(_ name: String, user: String? = nil, port: Int? = nil) {
        (self.name, self.user, self.port) = (name, user, port)
    }
}

/// Who reads the SSH configuration.
public protocol SSHConfigurationSource: Sendable {
    /// The options that hold for a host, by keyword in small letters, each with its
    /// arguments, in the order of the configuration.
    func options(for query: SSHQuery) async throws(SSHTrouble) -> SSHOptions
}

/// The options of one host, as `ssh -G` prints them or as our own reading finds them.
public struct SSHOptions: Hashable, Sendable {
    private(set) var values: [String: [[String]]] = [:]
    /// What stands in the configuration that only OpenSSH's program can do.
    var needsOpenSSH: [String] = []
    /// The algorithms that hold when nothing is said of them, by keyword; our own
    /// reading leaves it empty, for it leaves unsaid options out.
    var usual: [String: [String]] = [:]

    init() {}

    /// Notes an option, unless an earlier line had it. Files accumulate.
    mutating func note(_ keyword: String, _ arguments: [String]) {
        guard values[keyword] == nil || Self.accumulating.contains(keyword) else { return }
        guard !isTooLate(keyword) else { return }
        // A file that several blocks name is tried once.
        guard values[keyword]?.contains(arguments) != true else { return }
        values[keyword, default: []].append(arguments)
    }

    /// Of the two ways to be connected, the first that is named counts, and `ProxyJump
    /// none` names none.
    private func isTooLate(_ keyword: String) -> Bool {
        switch keyword {
        case "proxyjump": values["proxycommand"] != nil
        case "proxycommand": word("proxyjump").map { $0.lowercased() != "none" } ?? false
        default: false
        }
    }

    private static let accumulating: Set<String> = ["identityfile", "certificatefile"]

    /// The first argument of an option.
    func word(_ keyword: String) -> String? { values[keyword]?.first?.first }

    /// All arguments of an option.
    func words(_ keyword: String) -> [String] { (values[keyword] ?? []).flatMap { $0 } }

    func isOn(_ keyword: String) -> Bool {
        ["yes", "true"].contains(word(keyword)?.lowercased() ?? "")
    }

    /// Whether the option says no, and not merely nothing.
    func isOff(_ keyword: String) -> Bool {
        ["no", "false"].contains(word(keyword)?.lowercased() ?? "")
    }
}
