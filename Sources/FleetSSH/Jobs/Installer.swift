import FleetModel

/// Writes the job script to a bastion, once for all that miss it at a time.
actor Installer {
    private let caller: BastionCaller
    private let place: JobsPlace
    private var underWay: Task<Outcome, Never>?

    enum Outcome: Sendable {
        case done
        case refused(String)
        case failed(SSHTrouble)
    }

    init(_ caller: BastionCaller) {
        self.caller = caller
        place = JobsPlace(caller.access.bastion.jobsDirectory)
    }

    func install() async -> Outcome {
        if let underWay { return await underWay.value }
        let task = Task { [caller, place] in
            let line = place.installation(caller.chance.mark())
            return Self.outcome(await caller.send(line, within: caller.limits.patience), caller)
        }
        underWay = task
        defer { underWay = nil }
        return await task.value
    }

    private static func outcome(_ reply: BastionCaller.Reply, _ caller: BastionCaller) -> Outcome {
        switch reply {
        case .answer(let answer) where answer.ending.first == "0": return .done
        case .answer(let answer):
            let name = caller.access.bastion.name.rawValue.quoted
            let why = answer.noise.isEmpty ? "it belongs to another user" : answer.noise
            return .refused("the jobs directory of bastion \(name) can't be used: \(why)")
        case .notSent(let trouble), .lost(_, let trouble): return .failed(trouble)
        case .cancelled: return .failed(SSHTrouble(.unreachable, "the installation was given up"))
        }
    }
}
