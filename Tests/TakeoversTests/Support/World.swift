import FleetModel

@testable import Takeovers

/// A workload cluster and its management cluster, answering what a step reads
/// the way API servers do.
struct World {
    var cluster: [JSON]
    var management: [JSON]
    /// Kinds the workload cluster's server does not know.
    var unknownKinds: Set<String> = []
    /// Versions of API groups it does not serve, such as `policy/v1`.
    var unknownVersions: Set<String> = []
    var now = Timestamp(milliseconds: 1_750_000_000_000)
    var settled: Set<String> = []
    var hasActed = false
    /// What the attempt ran last.
    var lastRun: [Command] = []
    /// What calls are answered that are not answered as they should be.
    var wrongAnswers: [TestCall: String] = [:]
    /// The names of the secrets in whatever namespace is asked for them.
    var secrets: [String] = []
    /// What asking for them fails with.
    var secretsFailure: String?
    /// What an istiod says of its proxies; nobody may ask when it is `nil`.
    var connected: String?
    /// Likewise, by the istiod's name, where they do not all say the same.
    var answers: [String: String] = [:]
    /// What entering a pod fails with, by the pod's name.
    var entryFailures: [String: String] = [:]
    /// What we may not do: `create pods/eviction`.
    var forbidden: Set<String> = []
    /// Whether the servers do not even say that.
    var isSilent = false
    /// What policies say to a new pod of a namespace; `nil` lets it in.
    var denials: [String: @Sendable (JSON) -> String?] = [:]
    /// What curl prints for a probe of a URL, where that is not five times 200.
    var probed: [String: String] = [:]
    /// What istioctl reports, by a word of the command.
    var istioctlAnswers = [
        "analyze": ToolReport(exit: 0, stdout: "[]"), "precheck": ToolReport(exit: 0),
    ]
    var istioctlVersion = "1.25.2"
    /// What it says in front of the list of a dry run.
    var dryRunWarnings: [String] = []
    /// Whether the workload cluster is an OpenShift.
    var isOpenShift = false
    /// What `dig` prints, by its last words: `shop.example A @10.0.0.53`.
    var names: [String: String] = [:]
    /// What helm knows of, by `namespace/name`.
    var releases: [String: HelmWorld] = [:]

    /// The checkpoint of the Gloo takeover with this number.
    init(_ stage: String) throws {
        let checkpoint = try Scenarios.named("gloo-takeover").checkpoint(stage)
        cluster = try checkpoint.objects(of: "cluster-1")
        management = try checkpoint.objects(of: "mgmt")
    }

    /// Any stage of any takeover, by its path, without a management cluster.
    init(stage path: String) throws {
        cluster = try Scenarios.stage(path)
        management = []
    }

    /// What a step says once it has read all it asked for.
    func observe(_ step: Step) -> Observation { look(step).observation }

    /// What a step would run, having said that it is not done.
    func commands(_ step: Step) -> [Command] { step.act(look(step).context) }

    /// What it found that somebody has answered for.
    func waived(_ step: Step) -> [WaivedFinding] { step.waived(look(step).context) }

    /// Likewise, with what was read and noted for it.
    func look(_ step: Step) -> (observation: Observation, context: StepContext) {
        var context = StepContext(
            settled: settled, hasActed: hasActed, lastRun: lastRun, now: now)
        for _ in 0..<16 {
            let observation = step.observe(context)
            switch observation {
            case .needs(let readings):
                for reading in readings { context.readings[reading] = answer(reading) }
            case .settling(let item, .zero, _): context.settled.insert(item)
            default: return (observation, context)
            }
        }
        return (.unknown("the step never stops asking"), context)
    }

    func object(_ kind: String, _ name: String, in namespace: String = "") -> JSON? {
        cluster.first { $0.isCalled(kind, name, namespace) }
            ?? management.first { $0.isCalled(kind, name, namespace) }
    }

    /// Changes an object, wherever it is.
    mutating func edit(
        _ kind: String, _ name: String, in namespace: String = "", _ change: (inout JSON) -> Void
    ) {
        for index in cluster.indices where cluster[index].isCalled(kind, name, namespace) {
            change(&cluster[index])
        }
        for index in management.indices where management[index].isCalled(kind, name, namespace) {
            change(&management[index])
        }
    }

    mutating func remove(_ kind: String, _ name: String, in namespace: String = "") {
        cluster.removeAll { $0.isCalled(kind, name, namespace) }
    }
}

extension JSON {
    func isCalled(_ kind: String, _ name: String, _ namespace: String) -> Bool {
        self["kind"]?.string == kind && self.name == name && self.namespace == namespace
    }
}
