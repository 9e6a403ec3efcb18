import FleetModel

/// How an object of Flux stands.
enum FluxState: Hashable, Sendable {
    case ready
    /// Flux is at work, or waits for something else first.
    case waiting(String)
    /// It failed and will be tried again, perhaps for ever: whoever waits needs a
    /// deadline of their own.
    case retrying(String)
    /// It failed, and waits for a change of the object.
    case failed(String)
    /// It failed as often as it may, and is not tried again.
    case stalled(String)
    /// Told to do nothing.
    case suspended
    case deleting
    case deletingFailed(String)

    /// Reads an object's conditions, in the order that helm-controller 1.2 to 1.6 and
    /// kstatus give them weight.
    ///
    /// A token is what a reconciliation was asked for with; until Flux has answered
    /// it, whatever the conditions say is of before.
    init(of object: JSON, token: String? = nil) {
        let (ready, stalled) = (object.condition("Ready"), object.condition("Stalled"))
        let words = ready.words
        if object.isTerminating {
            self = ready.reason == "UninstallFailed" ? .deletingFailed(words) : .deleting
        } else if object.spec["suspend"]?.bool == true {
            self = .suspended
        } else if stalled.says("True") {
            self = .stalled(stalled.words)
        } else if let token, object.status["lastHandledReconcileAt"]?.string != token {
            self = .waiting("the request has not been handled yet")
        } else {
            self = Self.working(object, ready, words)
        }
    }

    private static func working(_ object: JSON, _ ready: JSON?, _ words: String) -> FluxState {
        let isWaiting = waitingReasons.contains(ready.reason)
        let hasFailed = ready.says("False") && !isWaiting
        guard object.isReconciled else {
            return hasFailed ? .retrying(words) : .waiting(words)
        }
        if isWaiting, ready.says("False") { return .waiting(words) }
        if object.condition("Reconciling").says("True") {
            return hasFailed ? .retrying(words) : .waiting(words)
        }
        if ready.says("True") { return .ready }
        return hasFailed ? .failed(words) : .waiting(words)
    }

    /// Something else comes first; that it takes long is for a deadline to say.
    private static let waitingReasons: Set<String> = [
        "DependencyNotReady", "SourceNotReady", "ArtifactFailed",
    ]
}

extension FluxState: CustomStringConvertible {
    var description: String {
        switch self {
        case .ready: "ready"
        case .waiting(let words): "waiting: \(words)"
        case .retrying(let words): "failing, is tried again: \(words)"
        case .failed(let words): "failed: \(words)"
        case .stalled(let words): "failed for good: \(words)"
        case .suspended: "suspended"
        case .deleting: "being deleted"
        case .deletingFailed(let words): "can't be deleted: \(words)"
        }
    }
}

extension JSON {
    /// Whether the conditions are about the object as it is now.
    fileprivate var isReconciled: Bool {
        metadata["generation"]?.int == status["observedGeneration"]?.int
    }
}

extension JSON? {
    /// Whether this condition has a status.
    fileprivate func says(_ status: String) -> Bool { self?["status"]?.string == status }

    fileprivate var reason: String { self?["reason"]?.string ?? "" }

    /// The condition's message; its reason where it has none.
    fileprivate var words: String {
        self?["message"]?.nonEmpty ?? self?["reason"]?.nonEmpty ?? "nothing is known yet"
    }
}
