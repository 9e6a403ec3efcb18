import FleetModel
import Testing

@testable import Takeovers

/// What we have to be allowed is asked before anything is touched.
@Suite struct AccessReviewTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let runbook: any Runbook.Type
        let takeover: Takeover
        let review: @Sendable (Situation) -> any PreflightReview

        var testDescription: String { "\(takeover.runbook) \(takeover.parameters.keys.sorted())" }

        var situation: Situation {
            let management = takeover.runbook == "gloo" ? Cluster("mgmt-1") : nil
            return Situation(
                takeover: takeover, cluster: Cluster("cluster-1"), management: management,
                run: "7F3K", epoch: 1)
        }
    }

    static let cases: [Case] = [
        gloo(.gloo(parameters: ["gateways": "none"])),
        gloo(
            .gloo(
                parameters: [
                    "gateways": "dns", "resolvers": ["10.0.0.53", "1.1.1.1"],
                    "namespaces": "relabel", "removeNamespaces": ["istio-operator"],
                    "platform": "openshift", "analysis": "block",
                ], manifests: Takeover.openShiftManifests)),
        revision(.revision()), revision(.revision(parameters: ["namespaces": "relabel"])),
        revision(.istioctl()),
        sail([:]), sail(["namespaces": "relabel"]), bigBang(["allowSkew": true]),
        bigBang(["delivery": "hook", "hook": ["deliver"], "orphans": "delete"]),
    ]

    private static func gloo(_ takeover: Takeover) -> Case {
        Case(runbook: GlooRunbook.self, takeover: takeover) {
            GlooReview(gloo: GlooSituation($0))
        }
    }

    private static func revision(_ takeover: Takeover) -> Case {
        Case(runbook: RevisionRunbook.self, takeover: takeover) {
            RevisionReview(revision: RevisionSituation($0))
        }
    }

    private static func sail(_ parameters: [String: JSON]) -> Case {
        let takeover = Takeover(
            name: "sail", runbook: "sail", revision: "default-v1-26-0", version: "1.26.0",
            oldRevision: "default-v1-25-2", parameters: parameters)
        return Case(runbook: SailRunbook.self, takeover: takeover) {
            SailReview(sail: SailSituation($0))
        }
    }

    private static func bigBang(_ parameters: [String: JSON]) -> Case {
        Case(runbook: BigBangRunbook.self, takeover: .bigBang(parameters)) {
            BigBangReview(bigBang: BigBangSituation($0))
        }
    }

    @Test(arguments: cases)
    func `every command that a step would run is asked for, whatever the runbook`(
        _ example: Case
    ) {
        let situation = example.situation
        let questions = example.review(situation).access.questions
        let servers = [situation.cluster] + (situation.management.map { [$0] } ?? [])
        let commands = AccessReview.commands(example.runbook, in: situation)
        #expect(!commands.isEmpty)
        for command in commands where command.argv[0] == "kubectl" {
            let server = servers.first { command.argv.starts(with: $0.kubectl([])) }
            let words = Array(command.argv.dropFirst(server?.kubectl([]).count ?? 0))
            let rights = NeededRight.all(of: words, stdin: command.stdin) ?? []
            #expect(!rights.isEmpty, "\(command.shellLine)")
            for right in rights {
                let kubectl = Kubectl(cluster: server ?? situation.cluster)
                let wide = NeededRight(right.verb, right.resource, right.group)
                let answers = [right, wide].map { AccessReview.Question($0, by: kubectl) }
                #expect(questions.contains(where: answers.contains), "\(right)")
            }
        }
    }

    @Test(arguments: [
        "create gatewaylifecyclemanagers", "patch gatewaylifecyclemanagers",
        "create istiolifecyclemanagers", "patch istiolifecyclemanagers", "patch services",
        "delete istiooperators", "delete clusterroles", "delete services", "delete deployments",
        "delete namespaces", "create namespaces", "create leases", "patch leases",
        "delete leases", "patch mutatingwebhookconfigurations", "create configmaps",
        "list customresourcedefinitions",
    ])
    func `what a later step may not do is found before the first`(right: String) throws {
        var world = try World("00")
        world.forbidden = [right]
        let preflight = try GlooRunbook.step("preflight", of: "prepare")
        #expect("\(world.observe(preflight))".contains("P01 we may not \(right)"))
    }

    @Test(arguments: [
        "patch helmreleases", "patch virtualservices", "patch gitrepositories", "delete services",
        "create configmaps",
    ])
    func `so is what a takeover of Big Bang may not do`(right: String) throws {
        var world = try World(bigBang: "254/00")
        world.forbidden = [right]
        let delivery: [String: JSON] =
            right.hasSuffix("gitrepositories") ? ["delivery": "hook", "hook": ["deliver"]] : [:]
        let parameters: [String: JSON] = ["allowSkew": true, "orphans": "delete"]
        let preflight = try BigBangRunbook.step(
            "preflight", in: .bigBang(parameters.merging(delivery) { $1 }))
        #expect("\(world.observe(preflight))".contains("P01 we may not \(right)"))
    }

    @Test func `rights in one namespace are enough for what is done in one`() throws {
        let questions = GlooReview(gloo: GlooSituation(.gloo())).access.questions.map(\.words)
        #expect(questions.contains("patch istiolifecyclemanagers in gloo-mesh"))
        #expect(questions.contains("create leases in default"))
        #expect(questions.contains("patch services in gloo-mesh-gateways"))
        #expect(Set(questions).count == questions.count, "\(questions)")
    }

    @Test func `a server that says nothing of our rights keeps nobody`() throws {
        var world = try World("00")
        world.isSilent = true
        guard
            case .done(let words) = world.observe(
                try GlooRunbook.step("preflight", of: "prepare"))
        else {
            Issue.record("\(world.observe(try GlooRunbook.step("preflight", of: "prepare")))")
            return
        }
        #expect(words.contains("P01 nobody says whether we may "))
    }

    @Test func `nothing is asked of what nobody will do`() throws {
        let words = { (takeover: Takeover) in
            GlooReview(gloo: GlooSituation(.gloo(takeover))).access.questions.map(\.words)
        }
        let plain = words(
            .gloo(manifests: ["controlPlane": Takeover.standardManifests["controlPlane"] ?? ""]))
        #expect(!plain.contains { $0.contains("gatewaylifecyclemanagers") })
        #expect(!plain.contains { $0.contains("securitycontext") || $0.contains("secrets") })
        let binding = "clusterrolebindings"
        #expect(!plain.contains("patch \(binding)"))
        let openShift = Takeover.gloo(parameters: ["platform": "openshift"])
        #expect(words(openShift).contains("patch \(binding)"))
    }
}
