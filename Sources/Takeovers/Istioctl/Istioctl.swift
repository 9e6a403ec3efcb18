import FleetModel

/// Makes istioctl commands for one cluster.
struct Istioctl: Hashable, Sendable {
    let cluster: Cluster

    /// How long istioctl itself waits for what it made to be well.
    static let patience: Duration = .minutes(5)
    /// It gets a moment to say why it gave up, before it is stopped.
    static let deadline: Duration = patience + .seconds(60)

    /// A command that changes the cluster.
    func change(_ arguments: [String], stdin: String? = nil, purpose: String) -> Command {
        Command(
            ClusterTool.istioctl.argv(arguments, on: cluster), stdin: stdin,
            place: cluster.place, deadline: Self.deadline, isMutating: true, purpose: purpose)
    }

    /// A command that only asks. It gets no answer to a question of its own, and then gives up.
    func ask(_ arguments: [String], purpose: String) -> Command {
        Command(
            ClusterTool.istioctl.argv(arguments, on: cluster), place: cluster.place,
            deadline: .seconds(120), isMutating: false, purpose: purpose)
    }

    /// The version of the program itself.
    var version: Reading {
        .report(
            ask(["version", "--remote=false", "-o", "json"], purpose: "see which istioctl it is"))
    }

    /// What the removal of a revision would take along.
    func dryRun(of revision: Revision) -> Reading {
        .report(
            ask(
                ["uninstall", "--revision", revision.rawValue, "--dry-run"],
                purpose: "see what would go with \(revision)"))
    }

    func removal(of revision: Revision) -> Command {
        change(
            ["uninstall", "--revision", revision.rawValue, "-y"],
            purpose: "remove the control plane of \(revision)")
    }

    /// Installs a revision as an IstioOperator says, which istioctl reads from stdin.
    func installation(of revision: Revision, from profile: String) -> Command {
        change(
            [
                "install", "--set", "revision=\(revision)", "--readiness-timeout",
                "\(Self.patience.seconds)s", "-y", "-f", "-",
            ], stdin: profile, purpose: "install the control plane of \(revision)")
    }
}

extension ClusterView {
    /// What a tool reported.
    func report(of reading: Reading) throws(Pause) -> ToolReport {
        switch try result(of: reading) {
        case .found(let json):
            guard let report = ToolReport(json) else { throw .unclear("a report has no status") }
            return report
        case .absent: throw .unclear("a tool reported nothing")
        case .refused(let words): throw .unclear(words)
        }
    }
}

extension ToolReport {
    /// Both streams as one text: what tools say besides their answer goes to either.
    var words: String { stdout + "\n" + stderr }

    /// The last line that says something.
    var lastLine: String {
        let lines = words.split(whereSeparator: \.isNewline).map(String.init)
        return lines.last { !$0.allSatisfy(\.isWhitespace) } ?? "exit \(exit)"
    }
}
