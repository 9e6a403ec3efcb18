import FleetModel

extension RunbookForm {
    /// The runbook of a takeover's own steps, as the files see it.
    static let own = RunbookForm("own", needsRevision: false)
}
