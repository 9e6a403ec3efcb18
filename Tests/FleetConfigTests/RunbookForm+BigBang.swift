import FleetModel

extension RunbookForm {
    /// The runbook that changes a control plane in its place, as the files see it.
    static let bigBang = RunbookForm("bigbang", isInPlace: true)
}
