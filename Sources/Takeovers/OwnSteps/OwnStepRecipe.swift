import FleetModel
import Predicates

/// A step that the takeover's author wrote: asks whether it is done, and acts if not.
struct OwnStepRecipe: StepRecipe {
    let own: OwnStep
    let situation: Situation
    let outline: StepOutline
    /// `nil` when any answer means yes. One that is no program was refused with the takeover.
    private let predicate: Predicate?

    init(_ own: OwnStep, outline: StepOutline, in situation: Situation) {
        (self.own, self.outline, self.situation) = (own, outline, situation)
        let variables = Placeholders.variables(in: situation)
        predicate = own.observe.expect.flatMap { try? Predicate($0, variables: variables) }
    }

    var patience: Patience { Patience(timeout: own.timeout, poll: own.poll) }
    var edits: Target { own.place == .management ? .management : .cluster }
    var lock: WriterLock? { own.act == nil ? nil : Move(situation).lock }

    // MARK: Asking

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        let reading = try reading
        guard try isDone(try view.result(of: reading), view) else {
            // What can't be done on this cluster fails here, and not half-way.
            let acts = try commands()
            guard !acts.isEmpty else { return .partial("waiting until \(expectation)") }
            return view.context.hasActed
                ? .partial("it was done, but not yet \(expectation)")
                : .notDone("not yet \(expectation)")
        }
        return .done(expectation)
    }

    private func isDone(_ result: ReadResult, _ view: ClusterView) throws(Pause) -> Bool {
        guard own.observe.expect != nil else { return result.isFound }
        guard let predicate else { throw .terminal("\(expectation) is no jq program") }
        let document: JSON
        switch result {
        case .found(let json): document = json
        case .absent: document = .null
        case .refused(let words): throw .unclear(words)
        }
        switch predicate.answer(on: document) {
        case .yes: return true
        case .no: return false
        case .failed(let words): throw .unclear("\(expectation): \(words)")
        }
    }

    /// What has to hold, in the author's words, with those of this cluster filled in.
    private var expectation: String {
        let source =
            switch own.observe.source {
            case .path(let path): legible(path)
            case .command(let argv, _): brief(argv)
            }
        return own.observe.expect.map { "`\($0.onOneLine)` of `\(source)`" }
            ?? "`\(source)` succeeds"
    }

    /// As many words of a command as tell it from others.
    private func brief(_ argv: [String]) -> String {
        (argv.prefix(4).map(legible) + (argv.count > 4 ? ["…"] : [])).joined(separator: " ")
    }

    private func legible(_ text: String) -> String {
        // What the cluster lacks stays as it was written: that the step fails is said elsewhere.
        ((try? fill(text)) ?? text).onOneLine
    }

    // MARK: Acting

    func act(_ view: ClusterView) throws(Pause) -> [Command] { try commands() }

    private func commands() throws(Pause) -> [Command] {
        guard let act = own.act else { return [] }
        return [
            try command(act.argv, act.stdin, deadline: act.deadline, isMutating: true)
        ]
    }

    private var reading: Reading {
        get throws(Pause) {
            switch own.observe.source {
            case .path(let path): .path(try fill(path), on: edits)
            case .command(let argv, let stdin):
                .output(try command(argv, stdin, deadline: .seconds(60), isMutating: false))
            }
        }
    }

    /// The command with the context of its cluster, where that is reached.
    private func command(
        _ words: [String], _ stdin: String?, deadline: Duration, isMutating: Bool
    ) throws(Pause) -> Command {
        var argv: [String] = []
        for word in words { argv.append(try fill(word)) }
        let home = try home
        if let home, let tool = ClusterTool(rawValue: argv[0]) {
            argv = tool.argv(argv.dropFirst(), on: home)
        }
        return Command(
            argv, stdin: try stdin.map { text throws(Pause) in try fill(text) },
            place: home?.place ?? .local, deadline: deadline, isMutating: isMutating,
            purpose: own.name)
    }

    private var home: Cluster? {
        get throws(Pause) {
            switch own.place {
            case .cluster: return situation.cluster
            case .local: return nil
            case .management:
                guard let management = situation.management else {
                    throw .terminal("cluster \(situation.cluster.name) has no management cluster")
                }
                return management
            }
        }
    }

    private func fill(_ text: String) throws(Pause) -> String {
        try Placeholders.fill(text, for: situation)
    }

    var preview: StepPreview {
        do throws(Pause) {
            return StepPreview(
                reads: [try reading], acts: try commands(), proof: expectation)
        } catch {
            return StepPreview(proof: "none: \(error.observation)")
        }
    }
}

extension String {
    /// Scripts and programs have lines of their own, a sentence has one.
    fileprivate var onOneLine: String {
        split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

extension ReadResult {
    fileprivate var isFound: Bool { if case .found = self { true } else { false } }
}
