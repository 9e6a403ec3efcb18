import FleetModel

/// What somebody asked a controller of Flux for, by annotations that carry a token.
///
/// A request is open until the status repeats its token.
struct FluxRequest: Hashable, Sendable {
    private let object: JSON

    init(_ object: JSON) { self.object = object }

    private enum Wish: String, CaseIterable {
        case requestedAt, forceAt, resetAt

        var annotation: String { "reconcile.fluxcd.io/\(rawValue)" }

        var answer: String {
            switch self {
            case .requestedAt: "lastHandledReconcileAt"
            case .forceAt: "lastHandledForceAt"
            case .resetAt: "lastHandledResetAt"
            }
        }
    }

    var token: String? { object.annotations[Wish.requestedAt.annotation] }
    var isOpen: Bool { isOpen(.requestedAt) }

    /// Forcing and resetting count only with the token of the reconciliation itself.
    var forces: Bool { isOpen && isOpen(.forceAt) && asks(.forceAt) }
    var resets: Bool { isOpen && isOpen(.resetAt) && asks(.resetAt) }

    private func isOpen(_ wish: Wish) -> Bool {
        guard let token = object.annotations[wish.annotation] else { return false }
        return object[path: ["status", wish.answer]]?.string != token
    }

    private func asks(_ wish: Wish) -> Bool { object.annotations[wish.annotation] == token }

    /// Writes down that everything asked for so far has been handled.
    func answer(in status: inout JSON) {
        for wish in Wish.allCases {
            guard let token = object.annotations[wish.annotation] else { continue }
            status[wish.answer] = .string(token)
        }
    }
}
