import FleetModel
import Testing

@testable import Takeovers

/// Releases in every state that a dead helm leaves behind.
@Suite struct ReleaseTests {
    private let install = "install-control-plane"

    private func world(_ status: String, ago: Duration, revision: Int = 1) throws -> World {
        var world = try World.revision("10")
        let updated = world.now + (.zero - ago)
        world.releases["istio-system/istiod-1-25-2"]?.status = status
        world.releases["istio-system/istiod-1-25-2"]?.revision = revision
        world.releases["istio-system/istiod-1-25-2"]?.updated = updated.microTime
        return world
    }

    @Test func `a release that failed is upgraded again`() throws {
        let world = try world("failed", ago: .seconds(10))
        let step = try RevisionRunbook.step(install, of: "prepare")
        #expect(world.observe(step).word == "notDone")
        let command = try #require(world.commands(step).last)
        #expect(command.argv.contains("--install"))
        #expect(command.isMutating && command.deadline > .minutes(5))
    }

    @Test func `a release that is pending may be somebody's at work`() throws {
        let world = try world("pending-upgrade", ago: .minutes(3))
        let step = try RevisionRunbook.step(install, of: "prepare")
        #expect(world.observe(step).word == "unknown")
    }

    @Test func `a release that has been pending for long needs somebody's word`() throws {
        let world = try world("pending-upgrade", ago: .minutes(30), revision: 2)
        let step = try RevisionRunbook.step(install, of: "prepare")
        guard case .failed(let failure) = world.observe(step) else {
            Issue.record("a pending release should stop the step")
            return
        }
        #expect(failure.kind == .blocked)
        #expect(failure.reason.contains("rollback istiod-1-25-2"))
    }

    @Test(arguments: [
        ("pending-install", "delete secret sh.helm.release.v1.istiod-1-25-2.v3"),
        ("pending-upgrade", "rollback istiod-1-25-2"),
        ("pending-rollback", "rollback istiod-1-25-2"),
    ])
    func `with that word it is taken back`(status: String, words: String) throws {
        let world = try world(status, ago: .minutes(30), revision: 3)
        let situation = Situation.revision(.revision(parameters: ["pending": "recover"]))
        let step = try RevisionRunbook.step(install, of: "prepare", in: situation)
        #expect(world.observe(step).word == "notDone")
        let command = try #require(world.commands(step).last)
        #expect(command.shellLine.contains(words))
    }

    @Test func `other values are brought in`() throws {
        let world = try World.revision("10")
        let values = JSON.object(["meshConfig": ["accessLogFile": "/dev/stdout"]]).description
        let situation = Situation.revision(.revision(manifests: ["istiod": values]))
        let step = try RevisionRunbook.step(install, of: "prepare", in: situation)
        #expect(world.observe(step).word == "notDone")
        let command = try #require(world.commands(step).last)
        #expect(command.stdin == values)
    }

    @Test(arguments: [("upgrade-base", "prepare"), ("move-default", "retire")])
    func `what helm keeps of a release are its values, and not the old chart's`(
        name: String, phase: String
    ) throws {
        var world = try World.revision("00")
        let values: JSON = ["base": ["excludedCRDs": ["one"]]]
        world.releases["istio-system/istio-base"]?.values = values
        let command = try #require(
            world.commands(try RevisionRunbook.step(name, of: phase)).last)
        #expect(!command.argv.contains("--reuse-values"))
        #expect(command.stdin == "\(values)" && command.argv.contains("-f"))
    }

    @Test func `what an old release must not take along blocks before anything is touched`() throws
    {
        var world = try World.revision("00")
        world.releases["istio-system/istiod-1-24-3"]?.manifest = """
            ---
            # Source: istiod/templates/revision-tags-mwc.yaml
            apiVersion: admissionregistration.k8s.io/v1
            kind: MutatingWebhookConfiguration
            metadata:
              labels:
                name: not-this
              name: istio-revision-tag-prod-stable
            ---
            {"kind": "DaemonSet", "metadata": {"name": "istio-cni-node"}}
            """
        let seen = world.observe(try RevisionRunbook.step("preflight", of: "prepare"))
        guard case .failed(let failure) = seen else {
            Issue.record("the preflight should block, and says \(seen)")
            return
        }
        #expect(
            failure.reason.contains("MutatingWebhookConfiguration istio-revision-tag-prod-stable"))
        #expect(failure.reason.contains("DaemonSet istio-cni-node"))
    }

    @Test(
        arguments: [
            ("2026-11-21T13:03:09Z", 1_795_266_189_000),
            ("2026-11-21T15:03:09+02:00", 1_795_266_189_000),
            ("2026-11-21T07:33:09-05:30", 1_795_266_189_000),
        ] as [(String, Int64)])
    func `a time with an offset is the same moment`(text: String, milliseconds: Int64) {
        #expect(Timestamp(offsetTime: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2026-11-21", "2026-11-21T15:03:09+2:00", "+02:00", "é2026-11-21T1+02:00",
    ])
    func `a text that is no time is none`(text: String) {
        #expect(Timestamp(offsetTime: text) == nil)
    }

    @Test(arguments: [
        "", "---", "kind:", "metadata:\n  name:", "{", "kind: X\nmetadata:\n\n", "---\n---\n",
    ])
    func `any text is a manifest of something or nothing`(text: String) {
        #expect(ReleaseManifest(text).protected.isEmpty)
    }
}
