public import FleetCoordinator
public import FleetModel

/// A journal under test, with what a test must be able to do around it.
public protocol JournalSubject {
    associatedtype Subject: Journal

    var journal: Subject { get set }

    /// Leaves a control in the inbox, as another process would.
    mutating func send(_ control: Control, at now: Timestamp) throws

    /// Lets go of the journal and opens it anew, as after a crash.
    mutating func reopen() throws
}
