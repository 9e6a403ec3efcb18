import FleetModel
import Testing

@testable import Takeovers

/// Jobs, which nobody restarts: they are waited for, unless they never end.
@Suite struct JobTests {
    private func world(_ stage: String, _ change: (inout JSON) -> Void = { _ in }) throws -> World {
        var pod = try Fixture.sample("job-running", in: "pods")
        change(&pod)
        var world = try World(stage)
        world.cluster.append(pod)
        return world
    }

    /// The work is done, and nobody told the proxy.
    private let held: (inout JSON) -> Void = { pod in
        pod[path: ["spec", "restartPolicy"]] = "OnFailure"
        var statuses = pod.status.items("containerStatuses")
        statuses[0]["state"] = ["terminated": ["exitCode": 0]]
        pod[path: ["status", "containerStatuses"]] = .array(statuses)
    }

    private let name = "Job batch/report-29112345"
    private let never = "its own containers have ended, and its sidecar never does"

    private func restarts(_ parameters: [String: JSON] = [:]) throws -> Step {
        let takeover = Takeover.gloo(parameters: ["gateways": "none"].merging(parameters) { $1 })
        return try GlooRunbook.step("restart-workloads", of: "takeover", in: .gloo(takeover))
    }

    @Test func `a Job that runs is told by the preflight and blocks nothing`() throws {
        let seen = try world("00").observe(GlooRunbook.step("preflight", of: "prepare"))
        #expect(seen.word == "done")
        #expect("\(seen)".contains("P07 \(name) runs: no Job is restarted, so its end is waited"))
    }

    @Test func `a Job on the old revision is waited for, once all others have moved`() throws {
        var world = try world("50")
        let (end, ran) = world.turn(try restarts(), pausing: .seconds(60))
        #expect(end.word == "partial" && "\(end)".contains("its end is waited for: \(name)"))
        #expect(ran.withoutLease.count > 1 && !ran.contains { $0.argv.contains("batch") })
        world.edit("Pod", "report-29112345-kmjr5", in: "batch") {
            $0[path: ["status", "phase"]] = "Succeeded"
        }
        #expect(world.observe(try restarts()).word == "done")
    }

    @Test(arguments: ["allowLeftBehind", "waived"])
    func `a Job that may stay behind is not waited for`(parameter: String) throws {
        let world = try world("60")
        let value: JSON = parameter == "waived" ? ["batch/report-29112345"] : true
        let seen = world.observe(try restarts([parameter: value]))
        #expect(seen.word == "done" && "\(seen)".contains("left behind: \(name)"))
    }

    @Test func `a Job that only its sidecar keeps from its end is not waited for`() throws {
        let preflight = try world("00", held).observe(GlooRunbook.step("preflight", of: "prepare"))
        #expect(preflight.word == "failed blocked")
        #expect("\(preflight)".contains("P07 cannot be restarted: \(name) (\(never))"))
        let restart = try world("60", held).observe(try restarts())
        #expect(restart.word == "failed blocked" && "\(restart)".contains(never))
        let proof = try GlooRunbook.step("prove-old-unused", of: "retire")
        let seen = try world("60", held).observe(proof)
        #expect(seen.word == "failed terminal")
        #expect("\(seen)".contains("batch/report-29112345-kmjr5 (its sidecar never ends)"))
    }

    /// One that failed is tried again in its pod where its policy says so, and may end yet.
    @Test(arguments: [("OnFailure", 1, false), ("Never", 1, true), ("OnFailure", 0, true)])
    func `only a container that has ended for good is over`(
        policy: String, exit: Int, isHeld: Bool
    ) throws {
        var pod = try Fixture.sample("job-running", in: "pods")
        #expect(!Pod(pod).isHeldBySidecar)
        held(&pod)
        pod[path: ["spec", "restartPolicy"]] = .string(policy)
        var statuses = pod.status.items("containerStatuses")
        statuses[0][path: ["state", "terminated", "exitCode"]] = .int(Int64(exit))
        pod[path: ["status", "containerStatuses"]] = .array(statuses)
        #expect(Pod(pod).isHeldBySidecar == isHeld)
    }

    @Test func `Jobs that come and go on the new revision keep nobody waiting`() throws {
        let world = try world("60") { pod in
            pod[path: ["metadata", "annotations"]] = [
                "sidecar.istio.io/status": #"{"revision":"1-15"}"#
            ]
            var containers = pod.spec.items("containers")
            containers[1]["image"] = "proxyv2:1.15.3-solo"
            pod[path: ["spec", "containers"]] = .array(containers)
            pod[path: ["status", "conditions"]] = []
        }
        var plain = try World("60")
        plain.hasActed = true
        var busy = world
        busy.hasActed = true
        #expect(busy.observe(try restarts()) == plain.observe(try restarts()))
    }

    @Test(arguments: [false, true])
    func `the CronJob that a Job comes from is named with it`(isHeld: Bool) throws {
        var world = try world("00", isHeld ? held : { _ in })
        let maker: JSON = ["kind": "CronJob", "name": "report", "controller": true]
        world.cluster.append([
            "kind": "Job",
            "metadata": [
                "name": "report-29112345", "namespace": "batch", "ownerReferences": [maker],
            ],
        ])
        let words = "\(name) of CronJob batch/report"
        let seen = "\(world.observe(try GlooRunbook.step("preflight", of: "prepare")))"
        #expect(seen.contains(isHeld ? "restarted: \(words) (" : "P07 \(words) runs"), "\(seen)")
        guard isHeld else { return }
        let proof = "\(world.observe(try GlooRunbook.step("prove-old-unused", of: "retire")))"
        #expect(proof.contains("(its sidecar never ends; from CronJob batch/report)"), "\(proof)")
    }
}
