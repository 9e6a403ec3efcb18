import FleetModel

/// One cluster's part in a takeover of Big Bang: the move, and what Flux adds to it.
@dynamicMemberLookup
struct BigBangSituation: Hashable, Sendable {
    let move: Move
    let settings: BigBangSettings

    init(_ situation: Situation) {
        settings = BigBangSettings(situation.takeover.parameters)
        move = Move(situation, home: [BigBangPackages.istioNamespace, BigBangPackages.namespace])
    }

    subscript<Value>(dynamicMember member: KeyPath<Move, Value>) -> Value { move[keyPath: member] }

    /// A text by which Flux knows a request again: the same for every try of one run.
    func token(_ purpose: String) -> String { "\(move.situation.run)-\(purpose)" }
}
