public import FleetModel

/// Know-how for one kind of takeover: which steps there are, and how each is done.
public protocol Runbook: Sendable {
    /// How a takeover asks for it, and what it wants of the files.
    static var form: RunbookForm { get }

    /// The steps by phase, for the planner.
    static func outline(for takeover: Takeover) -> RunbookOutline

    /// The steps of a phase on one cluster, in the order of ``outline(for:)``.
    ///
    /// Empty when the runbook has no such phase.
    static func steps(of phase: String, in situation: Situation) -> [Step]

    /// What must hold of the cluster after every step that changes it.
    ///
    /// What a step changes by design it says in ``Exemption/byStep``; one that leads new pods
    /// to the new revision is among ``Place/flips``.
    static func invariants(in situation: Situation) -> Invariants

    /// The questions of the preflight, in the order they are shown.
    static var checks: [PreflightCheck] { get }

    /// What they find in a cluster before anything of it is touched, as far as it has been read.
    static func preflight(in situation: Situation, _ context: StepContext) -> PreflightAnswer

    /// How it is taken back. Its steps are those of the phase ``RunbookOutline/rollbackPhase``.
    static func wayBack(for takeover: Takeover) -> WayBack

    /// Everything wrong with a takeover's parameters and manifests.
    static func problems(in takeover: Takeover) -> [TakeoverProblem]
}

extension Runbook {
    public static var name: String { form.name }
}

/// The runbooks there are.
public enum Runbooks {
    /// In the order of their names.
    public static let all: [any Runbook.Type] = [
        BigBangRunbook.self, GlooRunbook.self, OwnRunbook.self, RevisionRunbook.self,
        SailRunbook.self,
    ]

    public static var forms: [RunbookForm] { all.map { $0.form } }
    public static var names: [String] { all.map { $0.name } }

    /// The numbers of the checks that somebody may answer for, whatever the runbook, sorted.
    /// Nobody can answer for the lock of another run, which has no number.
    public static var checkNumbers: [String] {
        Set(all.flatMap { $0.checks.map(\.number) }).filter { $0.hasPrefix("P") }.sorted()
    }

    /// The runbook a takeover asks for, or `nil` when there is none of that name.
    public static func named(_ name: String) -> (any Runbook.Type)? {
        all.first { $0.name == name }
    }
}
