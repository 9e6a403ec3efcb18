import FleetModel

/// What an event is called in the journal's `kind` column.
///
/// These words are in every journal ever written, so they are spelled out here
/// and don't follow a case that is renamed in the model.
enum EventKind: String, CaseIterable {
    case attemptStarted
    case attemptFinished
    case findingWaived
    case identityPinned
    case runStarted
    case coordinatorStarted
    case waveStarted
    case waveSkipped
    case soakStarted
    case wavePassed
    case waveApproved
    case windowsWaived
    case runHalting
    case runHalted
    case runResumed
    case runAborted
    case runCompleted

    /// The kinds from which the state of a whole run follows: always the last of them.
    static let lifecycle: [EventKind] = [
        .runStarted, .runHalting, .runHalted, .runResumed, .runAborted, .runCompleted,
    ]

    init(_ event: Event) {
        self =
            switch event {
            case .attemptStarted: .attemptStarted
            case .attemptFinished: .attemptFinished
            case .findingWaived: .findingWaived
            case .identityPinned: .identityPinned
            case .runStarted: .runStarted
            case .coordinatorStarted: .coordinatorStarted
            case .waveStarted: .waveStarted
            case .waveSkipped: .waveSkipped
            case .soakStarted: .soakStarted
            case .wavePassed: .wavePassed
            case .waveApproved: .waveApproved
            case .windowsWaived: .windowsWaived
            case .runHalting: .runHalting
            case .runHalted: .runHalted
            case .runResumed: .runResumed
            case .runAborted: .runAborted
            case .runCompleted: .runCompleted
            }
    }
}
