import FleetModel
import FleetTestKit
import Foundation
import Testing

@testable import FleetSSH

/// Sixty clusters that start at once, and a bastion that has little room for them.
@Suite(.serialized) struct CrowdTests {
    private func runSixty(_ day: BadDay) async {
        let executor = day.executor
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<60 {
                let script = #"echo x >> "$1/ran-$2"; echo "$2""#
                let command = Command(
                    ["sh", "-c", script, "cluster", day.scratch.path, "\(number)"],
                    place: BastionScratch.place, isMutating: number.isMultiple(of: 2))
                group.addTask {
                    let result = await executor.run(command, id: CommandID("cluster-\(number)"))
                    #expect(result.ending == .exited(0), "\(number): \(result.ending)")
                    #expect(result.stdoutText == "\(number)\n")
                }
            }
        }
        for number in 0..<60 { #expect(day.runs(of: "\(number)") == 1) }
    }

    @Test(arguments: Way.allCases)
    func `refusals of MaxStartups cost no command and repeat none`(way: Way) async throws {
        var options = TestSSHD.Options()
        // Of connections that haven't logged in, every third one and on is refused.
        options.lines = ["MaxStartups 2:100:2"]
        let server = try await TestSSHD.start(options)
        defer { server.stop() }
        // Somebody else who takes his time, twice: there is no room at all at first.
        let strangers = try [server.knock(), server.knock()]
        try await BadDay.through(way, server) { day in
            let leaving = Task {
                try await patiently { server.log.contains("MaxStartups") }
                for stranger in strangers { close(stranger) }
            }
            await runSixty(day)
            try await leaving.value
            #expect(server.log.contains("MaxStartups"), "nobody was ever refused")
        }
    }

    @Test(arguments: [(Way.openSSH, 2), (.libSSH2, 2), (.libSSH2, 1)])
    func `a bastion with few channels serves all`(way: Way, most: Int) async throws {
        var options = TestSSHD.Options()
        options.lines = ["MaxSessions \(most)"]
        let server = try await TestSSHD.start(options)
        defer { server.stop() }
        try await BadDay.through(way, server) { day in await runSixty(day) }
    }

    @Test(arguments: Way.allCases)
    func `a command is ended even where each connection has one channel`(way: Way) async throws {
        var options = TestSSHD.Options()
        options.lines = ["MaxSessions 1"]
        let server = try await TestSSHD.start(options)
        defer { server.stop() }
        try await BadDay.through(way, server) { day in
            for name in ["job", "read"] {
                let run = day.start(
                    day.command(isMutating: name == "job", named: name), as: CommandID(name))
                try await day.hasBegun(name)
                run.cancel()
                let result = await run.value
                #expect(result.ending == .cancelled)
                #expect(result.killed.contains { $0.hasSuffix(" sh") }, "\(result.killed)")
            }
            #expect(await day.scratch.remainingProcesses() == [])
        }
    }
}

extension TestSSHD {
    /// Connects and says nothing, as somebody does who never logs in.
    fileprivate func knock() throws -> Int32 {
        let caller = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        inet_pton(AF_INET, host, &address.sin_addr)
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(caller, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Failure(description: "nobody listens") }
        return caller
    }
}
