import FleetTestKit
import Foundation
import Synchronization
import Testing

@testable import FleetSSH

/// Many lines at once: nobody's answer gets lost, and limits hold.
struct ManyLinesTests {
    @Test(arguments: [1, 2, 3])
    func `200 lines over 4 connections all end as they should`(seed: Int) async throws {
        var limits = PoolLimits()
        limits.connections = 4
        limits.session.rotate = Shuffling(seed: seed).next
        let bastion = try await TestBastion.start(limits: limits)
        defer { bastion.stop() }
        try await bastion.runMany(200)
        #expect(bastion.server.logins <= 4)
    }

    @Test(arguments: [1, 2, 10])
    func `50 lines get through whatever MaxSessions is`(most: Int) async throws {
        var options = TestSSHD.Options()
        options.lines = ["MaxSessions \(most)"]
        var limits = PoolLimits()
        limits.connections = 2
        limits.session.channels = 12
        limits.dispatch.failures = 0
        let bastion = try await TestBastion.start(options, limits: limits)
        defer { bastion.stop() }
        try await bastion.runMany(50)
        #expect(bastion.server.logins <= 2, "no connection was given up for a refusal")
        // Ten at once are more than most machines get to.
        let found = await bastion.transport.facts?.channelLimit
        #expect(found == most || (found == nil && most == 10))
    }

    @Test func `a bastion without any channel says so and is not asked for ever`() async throws {
        var options = TestSSHD.Options()
        options.lines = ["MaxSessions 0"]
        let bastion = try await TestBastion.start(options)
        defer { bastion.stop() }
        let failure = await #expect(throws: TransportFailure.self) {
            try await bastion.run("true")
        }
        #expect(failure?.trouble?.kind == .busy)
        #expect(failure?.isNotSent == true)
    }

    @Test func `an urgent line doesn't wait for those that hold every channel`() async throws {
        var limits = PoolLimits()
        limits.connections = 1
        limits.session.channels = 2
        let bastion = try await TestBastion.start(limits: limits)
        defer { bastion.stop() }
        let transcripts = [Transcript(), Transcript()]
        await withTaskGroup(of: TransportFailure?.self) { group in
            for transcript in transcripts {
                group.addTask {
                    await bastion.transport.failure(of: "echo; sleep 60", into: transcript)
                }
                await transcript.somethingArrived()
            }
            group.addTask { await bastion.transport.failure(of: "echo never") }
            do throws(TransportFailure) {
                let exit = try await bastion.transport.runUrgently(
                    "exit 9", stdin: [], into: Transcript())
                #expect(exit == .exited(9))
            } catch {
                Issue.record("the urgent line failed: \(error)")
            }
            group.cancelAll()
            for await failure in group { #expect(failure == .cancelled) }
        }
    }

    @Test func `lines start in the order they came`() async throws {
        var limits = PoolLimits()
        limits.connections = 1
        limits.session.channels = 1
        // A busy machine answers as late as a distant one.
        limits.dispatch.failures = 0
        let bastion = try await TestBastion.start(limits: limits)
        defer { bastion.stop() }
        let (go, order) = (bastion.server.directory + "/go", bastion.server.directory + "/order")
        await withTaskGroup(of: TransportFailure?.self) { group in
            let first = Transcript()
            let line = "echo; until [ -e \(go) ]; do sleep 0.1; done"
            group.addTask { await bastion.transport.failure(of: line, into: first) }
            await first.somethingArrived()
            await bastion.queue((0..<10).map { "echo \($0) >>\(order)" }, in: &group)
            #expect(FileManager.default.createFile(atPath: go, contents: nil))
            for await failure in group { #expect(failure == nil) }
        }
        let lines = try String(contentsOfFile: order, encoding: .utf8)
        #expect(lines == (0..<10).map { "\($0)\n" }.joined())
    }

    @Test func `connections that idle are closed, but for one`() async throws {
        var limits = PoolLimits()
        limits.idle = .milliseconds(100)
        limits.session.channels = 2
        // A busy machine is taken for a slow link, and then a shell stays for a minute.
        limits.dispatch.failures = 0
        let bastion = try await TestBastion.start(limits: limits)
        defer { bastion.stop() }
        let go = bastion.server.directory + "/go"
        try await withThrowingTaskGroup(of: RemoteExit.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    try await bastion.run("until [ -e \(go) ]; do sleep 0.1; done")
                }
            }
            try await patiently { bastion.server.connections >= 3 }
            #expect(bastion.server.connections >= 3)
            #expect(FileManager.default.createFile(atPath: go, contents: nil))
            for try await exit in group { #expect(exit == .exited(0)) }
        }
        try await patiently { bastion.server.connections == 1 }
        #expect(bastion.server.connections == 1)
    }

    @Test func `60 connects at once get through the default MaxStartups`() async throws {
        let server = try await TestSSHD.start()
        defer { server.stop() }
        try await withThrowingTaskGroup(of: RemoteExit.self) { group in
            for _ in 0..<60 {
                group.addTask {
                    let transport = SSHConnections(to: [server])
                        .transport(along: SSHRoute([server.hop]))
                    return try await transport.run("true", stdin: [], into: Transcript())
                }
            }
            for try await exit in group { #expect(exit == .exited(0)) }
        }
        #expect(server.logins == 60)
    }
}

/// Numbers that look random, the same for the same seed.
private final class Shuffling: Sendable {
    private let state: Atomic<UInt64>

    init(seed: Int) { state = Atomic(UInt64(seed)) }

    @Sendable func next(_ count: Int) -> Int {
        let (_, now) = state.wrappingAdd(6_364_136_223_846_793_005, ordering: .relaxed)
        return Int((now &* 2_862_933_555_777_941_757) >> 33) % count
    }
}

extension TestBastion {
    /// Lines that differ in how they end, how long they take and what they print.
    func runMany(_ count: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                group.addTask {
                    let (transcript, status) = (Transcript(), Int32(number % 5))
                    let pause = number.isMultiple(of: 3) ? "sleep 0.0\(number % 10); " : ""
                    let exit = try await run(
                        "\(pause)echo \(number); exit \(status)", into: transcript)
                    #expect(exit == .exited(status))
                    #expect(transcript.stdout == "\(number)\n")
                }
            }
            try await group.waitForAll()
        }
    }
}

extension TransportFailure {
    var trouble: SSHTrouble? {
        switch self {
        case .notSent(let trouble), .lost(let trouble): trouble
        case .cancelled: nil
        }
    }

    var isNotSent: Bool { if case .notSent = self { true } else { false } }
    var isLost: Bool { if case .lost = self { true } else { false } }
}
