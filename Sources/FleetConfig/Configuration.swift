public import FleetModel

/// A whole configuration: what there is, how carefully to go, and what to do.
public struct Configuration: Sendable {
    public let fleet: Located<Fleet>
    public let policy: Located<Policy>
    public let takeover: Located<Takeover>
}

/// Reads inventory, policy and takeover together, and holds them against each other.
public struct ConfigurationReader: Sendable {
    private let inventory: InventoryReader
    private let policies: PolicyReader
    private let takeovers: TakeoverReader

    /// - Parameters:
    ///   - files: where the files are.
    ///   - runbooks: the runbooks there are.
    ///   - checks: the numbers of preflight checks that can be waived; any when left out.
    ///   - requiresCanary: whether a policy without a canary is a mistake.
    public init(
        files: any ConfigurationFiles, runbooks: [RunbookForm], checks: [String]? = nil,
        requiresCanary: Bool = true
    ) {
        inventory = InventoryReader(files: files, checks: checks)
        policies = PolicyReader(files: files, requiresCanary: requiresCanary)
        takeovers = TakeoverReader(files: files, runbooks: runbooks)
    }

    /// Reads the inventory at a path, a file or a directory, and the two files.
    ///
    /// - Throws: every mistake of every file, and of what they say about each other.
    public func read(
        inventory inventoryPath: String, policy policyPath: String, takeover takeoverPath: String
    ) throws(ConfigurationErrors) -> Configuration {
        let log = MistakeLog()
        let fleet = inventory.read(inventoryPath, log: log)
        let policy = policies.read(policyPath, log: log)
        let takeover = takeovers.read(takeoverPath, log: log)
        if let fleet, let policy {
            log.note(PolicyChecks(policy: policy, fleet: fleet).mistakes())
        }
        if let fleet, let takeover, let form = takeovers.form(of: takeover.value) {
            log.note(RunbookChecks(form, takeover, fleet).mistakes(for: policy?.value.clusters))
        }
        try log.throwIfAny()
        guard let fleet, let policy, let takeover else {
            preconditionFailure("Nothing was read from \(policyPath), and there is no mistake.")
        }
        return Configuration(fleet: fleet, policy: policy, takeover: takeover)
    }
}
