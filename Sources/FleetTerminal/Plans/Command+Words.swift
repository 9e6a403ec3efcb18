import FleetModel

extension Command.Place {
    /// Where a command runs, as a clause.
    var words: String {
        switch self {
        case .local: "runs here"
        case .bastion(let bastion): "through \(bastion)"
        }
    }

    /// The bastion the command runs on; `nil` when it runs here.
    var bastion: BastionName? {
        switch self {
        case .local: nil
        case .bastion(let bastion): bastion
        }
    }
}

extension Command {
    /// The shell line with its secrets taken out before anything is quoted:
    /// quoting changes a secret that has a quote in it.
    var safeShellLine: String {
        argv.map { redacted($0).shellQuoted }.joined(separator: " ")
    }
}
