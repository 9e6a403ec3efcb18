import FleetModel
import Testing

@testable import Takeovers

/// What becomes of values that a hook commits, until the parent release has read them.
@Suite struct HookTests {
    private static let parameters: [String: JSON] = [
        "delivery": "hook", "hook": ["/opt/deliver"], "allowSkew": true,
    ]
    private let step: Step

    init() throws {
        step = try BigBangRunbook.step("step-1-values", in: .bigBang(Self.parameters))
    }

    /// Before step 1, with a repository that Flux has fetched.
    private func world() throws -> World {
        var world = try World(bigBang: "254/00")
        world.cluster.append([
            "kind": "GitRepository",
            "metadata": ["name": "environment-repo", "namespace": "bigbang", "generation": 1],
            "status": [
                "observedGeneration": 1, "artifact": ["revision": "main@sha1:old"],
                "conditions": [["type": "Ready", "status": "True", "reason": "Succeeded"]],
            ],
        ])
        return world
    }

    @Test func `the parent is asked to read what was fetched, once it was applied`() throws {
        var world = try world()
        let commands = world.commands(step).withoutLease
        #expect(commands.map(\.purpose).first == "commit the values of step-1")
        #expect(
            commands.dropFirst().map { $0.argv.last } == [
                "\(FluxRequest.annotation)=7F3K-step-1-from-main@sha1:old",
                "\(FluxRequest.annotation)=7F3K-step-1-from-main@sha1:old",
            ])
        world.run(commands)
        #expect(world.observe(step).word == "partial")
        world.fetches("main@sha1:new", appliedAs: "main@sha1:old")
        #expect(world.observe(step).saying.contains("has not applied main@sha1:new yet"))
        world.fetches("main@sha1:new", appliedAs: "main@sha1:new")
        world.says("istio:\n  enabled: false\nistiod:\n  enabled: true\n")
        #expect(
            world.observe(step) == .notDone("HelmRelease bigbang is to read what was committed"))
        let request = world.commands(step).withoutLease
        #expect(request.map(\.purpose) == ["reconcile HelmRelease bigbang"])
        world.run(request)
        #expect(world.observe(step).word == "partial")
    }

    @Test func `a hook that pushed nothing is told, and run again by the next attempt`() throws {
        var world = try world()
        world.run(world.commands(step))
        world.fetches("main@sha1:old", appliedAs: "main@sha1:old")
        guard case .settling(let item, _, _) = world.observe(step) else {
            Issue.record("\(world.observe(step))")
            return
        }
        #expect(
            item == "the hook ran, and GitRepository bigbang/environment-repo still has "
                + "main@sha1:old: it pushed nothing to the branch that Flux reads")
        world.settled = [item]
        #expect(world.observe(step).word == "failed terminal")
        world.hasActed = false
        #expect(world.observe(step).word == "notDone")
        #expect(world.commands(step).contains { $0.argv.first == "/opt/deliver" })
    }

    @Test func `values that are there already are enough, though nothing was pushed`() throws {
        var world = try world()
        world.run(world.commands(step))
        world.fetches("main@sha1:old", appliedAs: "main@sha1:old")
        world.says(ValuesStage.one.values(.crdsAndIstiod).description)
        #expect(
            world.observe(step) == .notDone("HelmRelease bigbang is to read what was committed"))
    }

    @Test func `other values than those of the stage are told`() throws {
        var world = try world()
        world.run(world.commands(step))
        world.fetches("main@sha1:new", appliedAs: "main@sha1:new")
        world.says("istio:\n  # still\n  enabled: true  # on\n  values:\n    enabled: false\n")
        #expect(
            world.observe(step).saying.hasSuffix(
                "has main@sha1:new, whose values say istio.enabled: true"))
    }

    // MARK: - Effective values

    @Test func `later sources win, and a Secret leaves unknown what was said before it`() throws {
        var world = try World(bigBang: "254/00")
        let wanted = ValuesStage.one.values(.crdsAndIstiod)
        func effective() throws -> EffectiveValues {
            var context = StepContext(now: world.now)
            let parent = HelmRelease(
                try #require(world.object("HelmRelease", "bigbang", in: "bigbang")))
            for _ in 0..<3 {
                do throws(Pause) {
                    return try EffectiveValues(of: parent, ClusterView(context))
                } catch {
                    guard case .needs(let readings) = error else { break }
                    for reading in readings { context.readings[reading] = world.answer(reading) }
                }
            }
            throw Fixture.Missing(name: "an end to the questions")
        }
        #expect(try effective().contradiction(to: wanted) == nil)
        #expect(try !effective().fulfil(wanted))
        world.says("istio: {enabled: true}\nistiod:\n  enabled: false\n")
        #expect(try effective().contradiction(to: wanted) == "istiod.enabled: false")
        world.edit("HelmRelease", "bigbang", in: "bigbang") {
            $0[path: ["spec", "values"]] = ["istiod": ["enabled": true]]
        }
        #expect(try effective().contradiction(to: wanted) == nil)
        world.edit("HelmRelease", "bigbang", in: "bigbang") {
            $0[path: ["spec", "values"]] = nil
            let later: JSON = ["kind": "Secret", "name": "late"]
            $0[path: ["spec", "valuesFrom"]] = .array($0.spec.items("valuesFrom") + [later])
        }
        #expect(try effective().contradiction(to: wanted) == nil)
    }

    @Test(arguments: [
        "", ":", "a", "enabled: true", "a:\n b", "a:\n  enabled:", "- x\n- enabled: true",
        "a:\n\tenabled: true", "\u{0}: :", "{", "[1]", "a:\n  enabled: yes please\n",
    ])
    func `of what nobody can read nothing is known`(text: String) {
        #expect(EffectiveValues.flags(in: text).isEmpty)
    }
}

extension World {
    /// Flux has fetched a revision as it was asked to, and applied one.
    fileprivate mutating func fetches(_ revision: String, appliedAs applied: String) {
        flux(handles: "7F3K-step-1-from-main@sha1:old")
        edit("GitRepository", "environment-repo", in: "bigbang") {
            $0[path: ["status", "artifact", "revision"]] = .string(revision)
        }
        edit("Kustomization", "environment", in: "bigbang") {
            $0[path: ["status", "lastAppliedRevision"]] = .string(applied)
        }
    }

    /// What the last of the parent's sources says.
    fileprivate mutating func says(_ values: String) {
        remove("ConfigMap", "environment-4k9m2t7g8f", in: "bigbang")
        cluster.append([
            "kind": "ConfigMap",
            "metadata": ["name": "environment-4k9m2t7g8f", "namespace": "bigbang"],
            "data": ["values.yaml": .string(values)],
        ])
    }
}
