package import FleetModel

/// Who follows a run while this process leads it.
package protocol RunAudience: Sendable {
    /// Told of every event, once, in order.
    func hear(_ entries: [JournalEntry])
    /// Shown how the run stands, several times a second.
    func see(_ snapshot: RunSnapshot)
    /// Told what this process itself has to say.
    func remark(_ words: String)
    /// The run is over for this process.
    func finish()
}
