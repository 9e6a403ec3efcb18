import FleetTestKit
import Foundation
import Testing

@testable import FleetSSH

struct SSHAgentTests {
    private let scratch: ScratchDirectory
    private let lane = SlowLane("tests.agent")

    init() throws { scratch = try ScratchDirectory() }

    @Test func `a real agent lists its keys and signs with each`() async throws {
        let agent = try RealAgent(in: scratch)
        defer { agent.stop() }
        let pairs = try [("ed25519", "256"), ("ecdsa", "384"), ("rsa", "2048")].map { type, bits in
            try HostKeyPair(type, ["-b", bits], in: scratch)
        }
        for pair in pairs { try agent.add(pair.path, in: scratch) }
        let client = SSHAgent(agent.socket, lane: lane)
        let keys = try await client.keys()
        #expect(keys.map(\.publicKey) == pairs.map(\.key))
        #expect(keys.map(\.comment) == ["a comment", "a comment", "a comment"])
        let text = SignedText(scratch: scratch)
        for (key, pair) in zip(keys, pairs) {
            let signature = try await client.signature(
                of: text.toBeSigned, by: key,
                algorithm: LibSSH2Abilities.algorithm(of: pair.key))
            #expect(try text.holds(signature, by: pair.key))
        }
    }

    @Test func `an agent that doesn't hold the key refuses`() async throws {
        let agent = try RealAgent(in: scratch)
        defer { agent.stop() }
        let pair = try HostKeyPair("ed25519", in: scratch)
        let key = AgentMessage.Key(publicKey: pair.key, comment: "stray")
        await #expect(throws: SSHTrouble.self) {
            try await SSHAgent(agent.socket, lane: lane)
                .signature(of: [1], by: key, algorithm: "ssh-ed25519")
        }
    }

    @Test(arguments: [
        ([0, 0, 0, 0], "answers with 0 bytes"),
        ([255, 255, 255, 255], "answers with 4294967295 bytes"),
        ([0, 0, 0, 9, 12], "hung up"), ([], "hung up"),
        ([0, 0, 0, 1, 12], "lists its keys in a way that can't be read"),
        ([0, 0, 0, 5, 12, 255, 255, 255, 255], "lists its keys in a way that can't be read"),
        ([0, 0, 0, 5, 12, 0, 0, 0, 1], "lists its keys in a way that can't be read"),
    ])
    func `a broken agent is an answer like any other`(
        reply: [UInt8], words: String
    ) async throws {
        let agent = try FakeAgent(reply: reply, in: scratch)
        defer { agent.stop() }
        let trouble = await trouble(SSHAgent(agent.socket, lane: lane))
        #expect(trouble?.reason == "the agent at \(agent.socket) \(words)")
    }

    @Test func `an agent that never answers is given up`() async throws {
        let agent = try FakeAgent(reply: nil, in: scratch)
        defer { agent.stop() }
        var patience = SSHAgent.Patience()
        patience.list = .milliseconds(20)
        let trouble = await trouble(SSHAgent(agent.socket, lane: lane, patience: patience))
        #expect(trouble?.reason.hasSuffix("did not answer in time") == true)
    }

    @Test func `an agent that isn't there is told so`() async {
        let trouble = await trouble(SSHAgent("\(scratch.path)/none", lane: lane))
        #expect(trouble?.reason.hasSuffix("can't be reached: No such file or directory") == true)
        let long = SSHAgent("/" + String(repeating: "x", count: 200), lane: lane)
        #expect(await self.trouble(long)?.reason.hasSuffix("too long for a socket") == true)
    }

    @Test func `whatever an agent says, reading it ends`() throws {
        var generator = SeededGenerator(seed: 7)
        let pair = try HostKeyPair("ed25519", in: scratch)
        let list =
            [12] + UInt32(1).bigEndianBytes + pair.key.blob.wireString + "x\u{1b}[2J".wireString
        #expect(AgentMessage.keys(in: list)?.first?.comment == "x[2J")
        let signed = [14] + ("ssh-ed25519".wireString + [UInt8](1...64).wireString).wireString
        for _ in 0..<2_000 {
            let keys = AgentMessage.keys(in: generator.mutated(list, tokens: [[0, 0, 0, 255]]))
            #expect((keys ?? []).count <= AgentMessage.mostKeys)
            _ = AgentMessage.signature(
                in: generator.mutated(signed), algorithm: "ssh-ed25519")
            _ = AgentMessage.keys(in: [12] + generator.bytes(atMost: 60))
        }
    }

    private func trouble(_ agent: SSHAgent) async -> SSHTrouble? {
        do throws(SSHTrouble) {
            _ = try await agent.keys()
            return nil
        } catch {
            return error
        }
    }
}
