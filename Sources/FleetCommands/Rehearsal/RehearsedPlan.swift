import FleetModel

/// A plan as it is carried out in a lab: the very phases, steps and waves, but for steps that
/// no lab has, on clusters that are reached elsewhere.
struct RehearsedPlan: Hashable, Sendable {
    let plan: Plan
    /// Steps that count as done.
    let assumed: Set<String>
    /// What is done otherwise than it would be in earnest, one sentence each.
    let liberties: [String]

    /// - Parameters:
    ///   - plan: what would be done in earnest.
    ///   - speed: how fast the lab lives.
    ///   - assuming: steps that are taken for done.
    ///   - kubeconfig: where the lab's kubeconfig for a cluster is.
    init(
        of plan: Plan, speed: Double, assuming: [String] = [],
        kubeconfig: (ClusterName) -> String
    ) {
        let strangers = plan.takeover.ownSteps.filter { !$0.isForClusters }.map(\.name)
        let takeover = plan.takeover.rehearsed
        assumed = Set(strangers + assuming)
        self.plan = Plan(
            takeover: takeover.value, policy: plan.policy,
            phases: plan.phases.map { $0.rehearsed(speed, without: takeover.absent) },
            clusters: plan.clusters.map { $0.rehearsed(kubeconfig($0.name)) },
            managementClusters: plan.managementClusters.map {
                $0.rehearsed(kubeconfig($0.name))
            }, leftOut: plan.leftOut, limits: plan.limits.rehearsed(speed))
        let steps = Self.sentence(about: strangers, assuming)
        liberties =
            Self.bastions(of: plan) + Self.approvals(of: plan) + Self.windows(of: plan)
            + takeover.liberties + steps + [Self.deadlines(at: speed)]
    }

    private static func bastions(of plan: Plan) -> [String] {
        let behind = plan.clusters.filter { $0.bastion != nil }.count
        guard behind > 0 else { return [] }
        return ["\(counted(behind, "cluster")) behind bastions were reached directly"]
    }

    private static func approvals(of plan: Plan) -> [String] {
        let gated = plan.phases.flatMap { phase in
            phase.waves.filter(\.needsApproval).map { "\(phase.name)/\($0.name)" }
        }
        guard !gated.isEmpty else { return [] }
        return ["approved by nobody, at once: \(gated.joined(separator: ", "))"]
    }

    private static func windows(of plan: Plan) -> [String] {
        plan.windows == nil ? [] : ["nobody waited for a window"]
    }

    private static func deadlines(at speed: Double) -> String {
        "waves and halts had \((allowance * speed).short) more than their deadlines: commands "
            + "are not sped up"
    }

    private static func sentence(about strangers: [String], _ told: [String]) -> [String] {
        (strangers.isEmpty
            ? []
            : [
                "taken for done, since they run what is not for a cluster: "
                    + strangers.joined(separator: ", ")
            ])
            + (told.isEmpty ? [] : ["taken for done, as asked: \(told.joined(separator: ", "))"])
    }
}

// MARK: - Clusters

extension Cluster {
    /// The cluster in the lab: with the same context, on this machine.
    fileprivate func rehearsed(_ kubeconfig: String) -> Cluster {
        var cluster = self
        cluster.kubeconfig = kubeconfig
        // Paths of tools on a bastion mean nothing here.
        if bastion != nil { cluster.tools = [:] }
        cluster.bastion = nil
        // The run's own clock makes it fast already.
        cluster.labels[Cluster.speedLabel] = nil
        return cluster
    }
}

// MARK: - Waves

/// Real time that commands may take beside the deadlines of a plan. The run's clock counts
/// them at the lab's speed, and a machine that plays a whole fleet is a busy one.
private let allowance = Duration.minutes(3)

extension Phase {
    fileprivate func rehearsed(_ speed: Double, without absent: [String]) -> Phase {
        Phase(
            name, steps: steps.filter { !absent.contains($0.name) },
            waves: waves.map { $0.rehearsed(speed) })
    }
}

extension Wave {
    fileprivate func rehearsed(_ speed: Double) -> Wave {
        var wave = self
        wave.needsApproval = false
        wave.progressDeadline += allowance * speed
        return wave
    }
}

extension Plan.Limits {
    fileprivate func rehearsed(_ speed: Double) -> Plan.Limits {
        var limits = self
        limits.drainDeadline += allowance * speed
        return limits
    }
}

// MARK: - Takeovers

extension Takeover {
    /// The takeover without what only people or other systems could answer, and the steps that
    /// it does not have then.
    fileprivate var rehearsed: (value: Takeover, liberties: [String], absent: [String]) {
        var takeover = self
        var liberties: [String] = []
        var absent: [String] = []
        if takeover.parameters.removeValue(forKey: "platform") != nil {
            absent = ["allow-security-context", "withdraw-security-context"]
            liberties.append(
                "the lab is no OpenShift: \(absent.joined(separator: ", ")) did nothing")
        }
        if takeover.parameters.removeValue(forKey: "probes") != nil {
            liberties.append("no probe was made: it would ask the real fleet (`probes`)")
        }
        let asksForRecords = runbook == "bigbang" || parameters["gateways"]?.string == "dns"
        if parameters["delivery"]?.string == "hook" {
            takeover.parameters["delivery"] = "override"
            takeover.parameters["hook"] = nil
            liberties.append("values were laid over those of git (`delivery: override`)")
        }
        if asksForRecords, parameters["dns"]?.string != "others" {
            takeover.parameters["dns"] = "others"
            liberties.append("nobody was asked to change DNS records (`dns: others`)")
        }
        return (takeover, liberties, absent)
    }
}

extension OwnStep {
    /// Whether all it runs is for a cluster, so that the lab may answer it.
    fileprivate var isForClusters: Bool {
        var commands: [[String]] = act.map { [$0.argv] } ?? []
        if case .command(let argv, _) = observe.source { commands.append(argv) }
        return place != .local
            && commands.allSatisfy { $0.first.flatMap(ClusterTool.init(rawValue:)) != nil }
    }
}
