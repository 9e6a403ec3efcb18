import FleetModel
import Testing

@testable import Takeovers

@Suite struct WriterLockTests {
    private func world(
        holder: JSON, epoch: String = "1", age: Duration = .zero, lifetime: JSON = 3600
    ) throws -> World {
        var world = try World("20")
        let renewed = Timestamp(milliseconds: world.now.milliseconds - age.inMilliseconds)
        world.cluster.append([
            "kind": "Lease",
            "metadata": [
                "name": .string(WriterLock.name), "namespace": "default", "resourceVersion": "7",
                "annotations": [WriterLock.epochAnnotation: .string(epoch), "note": "kept"],
            ],
            "spec": [
                "holderIdentity": holder, "leaseDurationSeconds": lifetime,
                "renewTime": .string(renewed.microTime),
            ],
        ])
        return world
    }

    private func lock(_ world: World, epoch: Int = 1) throws -> (Observation, [Command]) {
        let step = try GlooRunbook.step("lock", of: "prepare", in: .gloo(epoch: epoch))
        return (world.observe(step), world.commands(step))
    }

    @Test func `a lease of this run and epoch is ours`() throws {
        #expect(try lock(world(holder: "7F3K")).0.word == "done")
    }

    @Test func `somebody else's live lease is left alone, and its holder named`() throws {
        let (observation, commands) = try lock(world(holder: "9QQQ"))
        guard case .failed(let failure) = observation else {
            Issue.record("expected a failure, got \(observation)")
            return
        }
        #expect(failure.kind == .blocked)
        #expect(failure.reason.contains("\"9QQQ\""))
        #expect(commands.isEmpty)
    }

    @Test(arguments: [
        (Duration.minutes(61), JSON.int(3600), true), (.minutes(59), .int(3600), false),
        (.minutes(3), .int(120), true), (.minutes(61), .null, true), (.minutes(1), .int(-5), true),
    ])
    func `a lease runs out when it was not renewed for its duration`(
        age: Duration, lifetime: JSON, isFree: Bool
    ) throws {
        let (observation, _) = try lock(world(holder: "9QQQ", age: age, lifetime: lifetime))
        #expect(observation.word == (isFree ? "notDone" : "failed blocked"))
    }

    @Test func `a lease that does not say when it was renewed counts as live`() throws {
        var world = try world(holder: "9QQQ")
        world.edit("Lease", WriterLock.name, in: "default") {
            $0[path: ["spec", "renewTime"]] = "yesterday"
        }
        #expect(try lock(world).0.word == "failed blocked")
    }

    @Test func `a lease without a holder is taken`() throws {
        #expect(try lock(world(holder: "")).0.word == "notDone")
    }

    @Test func `an older epoch of the same run is overtaken, if nobody was faster`() throws {
        var world = try world(holder: "7F3K", epoch: "2")
        let (observation, commands) = try lock(world, epoch: 3)
        #expect(observation.word == "notDone")
        world.run(commands)
        let lease = world.object("Lease", WriterLock.name, in: "default")
        #expect(lease?.annotations == [WriterLock.epochAnnotation: "3", "note": "kept"])
        #expect(
            commands.first?.stdin?.contains(
                #"{"op":"test","path":"/metadata/resourceVersion","value":"7"}"#)
                == true)
        #expect(try lock(world, epoch: 3).0.word == "done")
    }

    @Test func `a coordinator that was overtaken changes nothing more`() throws {
        let world = try world(holder: "7F3K", epoch: "4")
        #expect(try lock(world, epoch: 3).0.word == "failed terminal")
        for (phase, name) in [("prepare", "test-workload"), ("retire", "unlock")] {
            let step = try GlooRunbook.step(name, of: phase, in: .gloo(epoch: 3))
            #expect(world.observe(step).word == "failed terminal", "\(name)")
        }
    }

    @Test func `no step acts on a cluster that somebody else holds`() throws {
        let world = try world(holder: "9QQQ")
        let step = try GlooRunbook.step("test-workload", of: "prepare")
        #expect(world.observe(step).word == "failed terminal")
    }

    @Test func `a step that acts takes a lost lease again first`() throws {
        let world = try World("20")
        let step = try GlooRunbook.step("test-workload", of: "prepare")
        let commands = world.commands(step)
        #expect(commands.map(\.purpose) == ["take the lease", "create the test workload"])
    }

    @Test func `a step that acts renews a lease that is getting old`() throws {
        let step = try GlooRunbook.step("test-workload", of: "prepare")
        #expect(try world(holder: "7F3K", age: .minutes(4)).commands(step).count == 1)
        #expect(try world(holder: "7F3K", age: .minutes(6)).commands(step).count == 2)
    }

    @Test func `a lease outlasts the step that takes it`() throws {
        var world = try World("50")
        let step = try GlooRunbook.step("restart-workloads", of: "takeover")
        while case .settling(let item, _, _) = world.observe(step) { world.settled.insert(item) }
        let short = try GlooRunbook.step("lock", of: "takeover")
        world.run(world.commands(short))
        #expect(world.lifetimeOfLease == 3_600)
        world.run(world.commands(step))
        #expect(world.lifetimeOfLease == 13 * 3_600)
        // Whoever comes next needs no less time than there is.
        #expect(!world.commands(step).contains { $0.purpose == "take the lease" })
    }

    /// What a step that only waits does about the lease.
    private func upkeep(_ world: World, of run: RunID = "7F3K", epoch: Int = 1) -> Upkeep.Standing {
        let kubectl = Kubectl(cluster: Cluster("cluster-1"))
        let upkeep = WriterLock(run: run, epoch: epoch, kubectl: kubectl).upkeep
        let readings = upkeep.readings.map { ($0, world.answer($0)) }
        return upkeep.standing(
            StepContext(readings: Dictionary(uniqueKeysWithValues: readings), now: world.now))
    }

    @Test(arguments: [(Duration.minutes(39), false), (.minutes(41), true), (.minutes(61), true)])
    func `a step that waits renews when less than a third of the time is left`(
        age: Duration, isRenewed: Bool
    ) throws {
        var world = try world(holder: "7F3K", age: age)
        guard case .due(let commands) = upkeep(world) else {
            #expect(upkeep(world) == .kept && !isRenewed)
            return
        }
        #expect(isRenewed && commands.map(\.purpose) == ["take the lease"])
        #expect(
            commands.first?.stdin?.contains(
                #"{"op":"test","path":"/metadata/resourceVersion","value":"7"}"#)
                == true)
        world.run(commands)
        #expect(upkeep(world) == .kept)
    }

    @Test func `a wait cuts no lease short that was taken for longer`() throws {
        let long = try world(holder: "7F3K", age: .minutes(600), lifetime: 46_800)
        #expect(upkeep(long) == .kept)
        let end = try world(holder: "7F3K", age: .minutes(761), lifetime: 46_800)
        #expect(upkeep(end) != .kept)
    }

    @Test func `a wait ends where somebody else holds the lease, and takes none that is not ours`()
        throws
    {
        let words = "\"9QQQ\" holds the lease default/fleet-istio-migration"
        #expect(try upkeep(world(holder: "9QQQ")) == .lost(Failure(.terminal, words)))
        guard case .lost = try upkeep(world(holder: "7F3K", epoch: "2")) else {
            Issue.record("a newer coordinator is no reason to go")
            return
        }
        #expect(try upkeep(world(holder: "9QQQ", age: .minutes(90))) == .kept)
        #expect(try upkeep(world(holder: "")) == .kept)
        #expect(try upkeep(World("20")) == .kept)
    }

    @Test func `nobody can take a cluster in the half day that its step waits`() throws {
        var world = try world(holder: "7F3K")
        var renewals = 0
        for _ in 0..<(12 * 60) {
            world.now = world.now + .minutes(1)
            #expect(upkeep(world, of: "9QQQ") != .kept)
            guard case .due(let commands) = upkeep(world) else { continue }
            world.run(commands)
            renewals += 1
        }
        #expect(renewals == 17)
    }

    @Test func `every step keeps the lock from where it is taken to where it is given back`() {
        let takeovers = [Takeover.gloo(), .bigBang(), .revision()]
        for takeover in takeovers {
            guard let runbook = Runbooks.named(takeover.runbook) else {
                Issue.record("there is no \(takeover.runbook)")
                continue
            }
            for phase in runbook.wholeOutline(for: takeover).phases {
                let steps = runbook.allSteps(of: phase.name, in: .gloo(takeover))
                let keepers = steps.filter { $0.upkeep != nil }.map(\.outline.name)
                let names = steps.map(\.outline.name)
                let within = names.drop { $0 != "lock" }.dropFirst().prefix { $0 != "unlock" }
                #expect(keepers == Array(within) && !keepers.isEmpty, "\(phase.name)")
            }
        }
    }

    @Test func `only our own lease is released`() throws {
        let step = try GlooRunbook.step("unlock", of: "prepare")
        #expect(try world(holder: "9QQQ").observe(step).word == "done")
        var ours = try world(holder: "7F3K")
        #expect(ours.observe(step).word == "notDone")
        ours.run(ours.commands(step))
        #expect(ours.observe(step) == .done(""))
    }
}

extension World {
    /// In seconds.
    fileprivate var lifetimeOfLease: Int? {
        object("Lease", WriterLock.name, in: "default")?.spec["leaseDurationSeconds"]?.int
    }
}
