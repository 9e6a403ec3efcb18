import FleetModel
import Testing

@testable import Takeovers

/// Takeovers that lead namespaces over by their labels and leave the default where it is.
@Suite struct GlooRelabelTests {
    private let injector = "istio-sidecar-injector"
    private static let takeover = Takeover.gloo(
        parameters: ["gateways": "none", "namespaces": "relabel"])
    private let situation = Situation.gloo(takeover)

    private var back: Situation {
        var takeover = Self.takeover
        takeover.rollsBack = "7F3K"
        return Situation(
            takeover: takeover, cluster: Cluster("cluster-1"), management: Cluster("mgmt-1"),
            run: "9XYZ", epoch: 1)
    }

    /// The cluster right before the takeover, with a namespace of each kind.
    private func before() throws -> World {
        var world = try World("30")
        world.add("both", ["istio-injection": "enabled", "istio.io/rev": "1-13"])
        world.add("named", ["istio.io/rev": "default", "team": "a"])
        world.add("off", ["istio-injection": "disabled"])
        world.add("plain", [:])
        return world
    }

    /// Turns the steps of some phases; every one has to come to its end.
    private func travel(
        _ world: inout World, _ phases: [String], in situation: Situation? = nil,
        killedAfter limit: Int = .max
    ) throws -> [Command] {
        var commands: [Command] = []
        for phase in phases {
            for step in GlooRunbook.steps(of: phase, in: situation ?? self.situation) {
                let (observation, ran) = world.turn(step, atMost: limit - commands.count)
                commands += ran
                if commands.count >= limit { return commands }
                #expect(observation.word == "done", "\(step.outline.name): \(observation)")
            }
        }
        return commands.withoutLease
    }

    private func selections(_ world: World) -> [String: [String: String]] {
        let spaces = world.cluster.filter { $0["kind"] == "Namespace" }
        return Dictionary(
            uniqueKeysWithValues: spaces.map { space in
                (space.name, space.labels.filter { SelectionNote.keys.contains($0.key) })
            })
    }

    @Test func `the default is not made another, namespaces are led over instead`() {
        let outline = GlooRunbook.outline(for: Self.takeover)
        #expect(
            outline.phases[1].steps.map(\.name) == [
                "lock", "relabel-namespaces", "restart-workloads", "test-moved-traffic",
                "switch-gateways", "unlock",
            ])
        for phase in outline.phases {
            let steps = GlooRunbook.steps(of: phase.name, in: situation)
            #expect(steps.map(\.outline) == phase.steps)
        }
        guard case .steps(let outlines, _) = GlooRunbook.wayBack(for: Self.takeover) else {
            Issue.record("there is no way back")
            return
        }
        #expect(GlooRunbook.steps(of: "rollback", in: back).map(\.outline) == outlines)
        #expect(
            outlines.map(\.name) == [
                "check-old-plane", "lock", "return-namespaces", "return-workloads",
                "return-gateways", "check-moved-back", "unlock",
            ])
    }

    @Test func `from the labels to the old one's removal, and a second time nothing`() throws {
        var world = try before()
        let old = world.object("MutatingWebhookConfiguration", injector)
        _ = try travel(&world, ["takeover"])
        #expect(world.object("MutatingWebhookConfiguration", injector) == old)
        #expect(
            selections(world).filter { !$0.value.isEmpty } == [
                "bookinfo": ["istio.io/rev": "1-15"], "both": ["istio.io/rev": "1-15"],
                "named": ["istio.io/rev": "1-15"], "off": ["istio-injection": "disabled"],
                "petstore": ["istio.io/rev": "1-15"],
            ])
        let entry = world.object(
            "IstioLifecycleManager", "istiod-control-plane", in: "gloo-mesh")?
            .spec.items("installations").first?.items("clusters").first
        #expect(entry?["defaultRevision"]?.bool != true)
        #expect(try travel(&world, ["takeover"]).isEmpty)
        let noted = { (world: World) in
            world.cluster.filter { $0.annotations["bellwether/selection"] != nil }.count
        }
        #expect(noted(world) == 3)
        let forget = try GlooRunbook.step("forget-notes", of: "retire", in: situation)
        #expect(world.observe(forget).saying.contains("is still there, and with it the way back"))
        _ = try travel(&world, ["retire"])
        #expect(noted(world) == 0)
        #expect(world.object("Deployment", "istiod", in: "istio-system") == nil)
        #expect(world.object("MutatingWebhookConfiguration", injector) == nil)
        #expect(try travel(&world, ["takeover", "retire"]).isEmpty)
        let check = try GlooRunbook.step("final-check", of: "retire", in: situation)
        guard case .done(let words) = world.observe(check) else {
            Issue.record("\(world.observe(check))")
            return
        }
        #expect(words.contains("no injector answers to istio-injection=enabled"))
    }

    @Test func `a namespace changes in one command, after what it said has been noted`() throws {
        let step = try GlooRunbook.step("relabel-namespaces", of: "takeover", in: situation)
        let world = try before()
        #expect(world.observe(step) == .notDone("bookinfo, both, named choose default"))
        let commands = world.commands(step).withoutLease.filter { $0.argv.contains("both") }
        #expect(
            commands.map(\.shellLine) == [
                "kubectl --context cluster-1 --request-timeout=30s annotate namespace both "
                    + #"'bellwether/selection={"istio-injection":"enabled","istio.io/rev":"1-13"}'"#
                    + " --overwrite",
                "kubectl --context cluster-1 --request-timeout=30s label namespace both "
                    + "istio-injection- istio.io/rev=1-15 --overwrite",
            ])
        let shown = step.preview.acts.map { $0.argv.suffix(4).joined(separator: " ") }
        #expect(shown[1] == "<namespace> istio-injection- istio.io/rev=1-15 --overwrite")
    }

    @Test func `nothing is led to an injector that nobody would answer for`() throws {
        var world = try before()
        world.edit("MutatingWebhookConfiguration", "istio-sidecar-injector-1-15") { object in
            var webhooks = object.items("webhooks")
            webhooks[0][path: ["clientConfig", "caBundle"]] = nil
            object["webhooks"] = .array(webhooks)
        }
        let step = try GlooRunbook.step("relabel-namespaces", of: "takeover", in: situation)
        #expect(world.observe(step) == .unknown("the injector of 1-15 is not ready"))
    }

    // MARK: - The way back

    @Test func `every namespace says again what it said, whenever a coordinator dies`() throws {
        let original = try before()
        var taken = original
        _ = try travel(&taken, ["takeover"])
        var undisturbed = taken
        let commands = try travel(&undisturbed, ["rollback"], in: back)
        #expect(selections(undisturbed) == selections(original))
        #expect(
            undisturbed.cluster.allSatisfy {
                $0.annotations[SelectionNote.annotation] == nil
            })
        #expect(commands.contains { $0.purpose == "restart Deployment bookinfo/details-v1" })
        #expect(try travel(&undisturbed, ["rollback"], in: back).isEmpty)
        for kill in 1...commands.count + 2 {
            var world = taken
            _ = try travel(&world, ["rollback"], in: back, killedAfter: kill)
            _ = try travel(&world, ["rollback"], in: back)
            #expect(selections(world) == selections(original), "killed after command \(kill)")
        }
        for kill in 1...6 {
            var world = original
            _ = try travel(&world, ["takeover"], killedAfter: kill)
            _ = try travel(&world, ["rollback"], in: back)
            #expect(selections(world) == selections(original), "killed after command \(kill)")
        }
    }

    @Test func `who named the new revision before, or was relabelled since, keeps that`() throws {
        var world = try before()
        world.add("early", ["istio.io/rev": "1-15"])
        _ = try travel(&world, ["takeover"])
        world.edit("Namespace", "named") {
            $0[path: ["metadata", "labels"]] = ["istio-injection": "disabled"]
        }
        _ = try travel(&world, ["rollback"], in: back)
        let end = selections(world)
        #expect(end["early"] == ["istio.io/rev": "1-15"])
        #expect(end["named"] == ["istio-injection": "disabled"])
        #expect(end["bookinfo"] == ["istio-injection": "enabled"])
    }

    @Test func `a note that nobody can read is told, and nothing guessed`() throws {
        var world = try before()
        _ = try travel(&world, ["takeover"])
        world.edit("Namespace", "bookinfo") {
            $0[path: ["metadata", "annotations", SelectionNote.annotation]] = "x"
        }
        let step = try GlooRunbook.step("return-namespaces", of: "rollback", in: back)
        #expect(world.observe(step).word == "failed terminal")
    }

    // MARK: - What must hold

    @Test func `I2 looks at every namespace that was led over`() throws {
        let before = try before()
        var after = before
        _ = after.turn(try GlooRunbook.step("lock", of: "takeover", in: situation))
        _ = after.turn(
            try GlooRunbook.step("relabel-namespaces", of: "takeover", in: situation))
        #expect(try violations(after, since: before).isEmpty)
        var deaf = after
        deaf.remove("Deployment", "istiod-1-15", in: "istio-system")
        #expect(
            try violations(deaf, since: before).contains {
                $0.hasPrefix("I2: no new pod is let into bookinfo")
            })
        var silent = after
        silent.remove("MutatingWebhookConfiguration", "istio-sidecar-injector-1-15")
        #expect(
            try violations(silent, since: before).contains(
                "I2: neither the old nor the new revision answers in bookinfo any more"))
        var wished = after
        wished.edit("Namespace", "bookinfo") {
            $0[path: ["metadata", "labels"]] = ["istio-injection": "disabled"]
        }
        #expect(try violations(wished, since: before).isEmpty)
    }

    private func violations(_ world: World, since before: World) throws -> [String] {
        try world.violations(of: .injection, since: before, at: .expecting(.new), in: situation)
    }

    @Test func `a namespace that still goes to the old default keeps the old one there`() throws {
        var world = try before()
        _ = try travel(&world, ["takeover"])
        world.add("late", ["istio-injection": "enabled"])
        let prove = try GlooRunbook.step("prove-old-unused", of: "retire", in: situation)
        guard case .failed(let failure) = world.observe(prove) else {
            Issue.record("\(world.observe(prove))")
            return
        }
        #expect(failure.reason.contains("namespace late selects default"))
        #expect(failure.reason.contains("a new pod in late would be injected by default"))
    }

    // MARK: - Before anything is touched

    @Test func `templates that ask for the default by themselves block`() throws {
        var world = try World("00")
        world.edit("Namespace", "bookinfo") { $0[path: ["metadata", "labels"]] = [:] }
        world.edit("Deployment", "details-v1", in: "bookinfo") {
            $0[path: ["spec", "template", "metadata", "labels", "sidecar.istio.io/inject"]] = "true"
        }
        #expect(
            try words(world).contains(
                "ask for the default injector by themselves (sidecar.istio.io/inject), where no "
                    + "label of their namespace leads them: Deployment bookinfo/details-v1"))
        #expect(try !words(world, .gloo()).contains("by themselves"))
    }

    @Test func `namespaces whose labels come from git are named`() throws {
        var world = try World("00")
        world.add(
            "flux", ["istio-injection": "enabled", "kustomize.toolkit.fluxcd.io/name": "apps"])
        world.add("free", ["argocd.argoproj.io/instance": "free"])
        world.add("argo", ["istio-injection": "enabled"])
        world.edit("Namespace", "argo") {
            $0[path: ["metadata", "annotations", "argocd.argoproj.io/tracking-id"]] = "argo:/x"
        }
        #expect(
            try words(world).contains(
                "their labels come from git, which may take ours back: argo (Argo CD), flux (Flux)")
        )
        #expect(try !words(world, .gloo()).contains("git"))
    }

    private func words(_ world: World, _ situation: Situation? = nil) throws -> String {
        let step = try GlooRunbook.step(
            "preflight", of: "prepare", in: situation ?? self.situation)
        return "\(world.observe(step))"
    }
}

extension World {
    fileprivate mutating func add(_ namespace: String, _ labels: [String: String]) {
        cluster.append([
            "kind": "Namespace",
            "metadata": [
                "name": .string(namespace), "resourceVersion": "1", "labels": JSON(labels),
            ],
        ])
    }
}
