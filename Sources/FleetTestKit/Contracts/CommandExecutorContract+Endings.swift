import FleetModel
import FleetRunner

extension CommandExecutorContract {
    func checkExitStatus(_ findings: inout Findings) async throws {
        let executor = try await open()
        for (way, isMutating) in Self.ways {
            // 129 to 192 are left out: a shell can't tell them from signals.
            for status: Int32 in [0, 1, 7, 124, 126, 127, 128, 255] {
                let result = await executor.run(
                    command(["sh", "-c", "exit \(status)"], isMutating: isMutating),
                    id: id("exit.\(way).\(status)"))
                findings.expect(result, ends: .exited(status))
            }
        }
    }

    func checkSignal(_ findings: inout Findings) async throws {
        let executor = try await open()
        for (way, isMutating) in Self.ways {
            for (name, number): (String, Int32) in [("TERM", 15), ("KILL", 9), ("HUP", 1)] {
                let result = await executor.run(
                    shell("kill -s \(name) $$", isMutating: isMutating),
                    id: id("signal.\(way).\(name)"))
                findings.expect(result, ends: .signalled(number))
            }
        }
    }

    func checkToolNotFound(_ findings: inout Findings) async throws {
        let executor = try await open()
        let tool = "bellwether-has-no-such-tool"
        for (way, isMutating) in Self.ways {
            let id = id("missing.\(way)")
            let result = await executor.run(command([tool], isMutating: isMutating), id: id)
            findings.expect(result.isNotStarted(naming: tool), "\(result.ending) names no tool")
            let fate = await executor.fate(of: id, at: place)
            findings.expect(fate == .unknown, "what never started has the fate \(fate)")
        }
    }

    func checkArgumentThatCannotBe(_ findings: inout Findings) async throws {
        let executor = try await open()
        for (way, isMutating) in Self.ways {
            let result = await executor.run(
                command(["printf", "%s", "a\0b"], isMutating: isMutating), id: id("nul.\(way)"))
            findings.expect(result.isNotStarted(naming: "NUL"), "a NUL byte: \(result.ending)")
            let outside = await executor.run(
                command(["true"], isMutating: isMutating), id: "../outside")
            findings.expect(
                outside.isNotStarted(naming: "outside"), "a path as an id: \(outside.ending)")
        }
    }

    func checkAwkwardArguments(_ findings: inout Findings) async throws {
        let executor = try await open()
        var generator = AwkwardWords(seed: 2_026)
        for (way, isMutating) in Self.ways {
            for round in 0..<4 {
                let words = AwkwardWords.known + (0..<60).map { _ in generator.word() }
                let result = await executor.run(
                    command(["printf", "%s\\0"] + words, isMutating: isMutating),
                    id: id("words.\(way).\(round)"))
                let expected = words.flatMap { (word: String) -> [UInt8] in word.utf8 + [0] }
                findings.expect(
                    result.succeeded && result.stdout == expected,
                    "words changed on their way (\(way), round \(round)): \(result.ending)")
            }
        }
    }

    func checkEnvironment(_ findings: inout Findings) async throws {
        let executor = try await open()
        for (way, isMutating) in Self.ways {
            let result = await executor.run(
                command(["env"], isMutating: isMutating), id: id("environment.\(way)"))
            let text = result.stdoutText
            findings.expect(text.contains("PATH="), "commands have no PATH (\(way))")
            let leaks = text.contains(Self.secret.name) || text.contains(Self.secret.value)
            findings.expect(!leaks, "the coordinator's secret reached a command (\(way))")
        }
    }
}

extension CommandResult {
    func isNotStarted(naming text: String) -> Bool {
        guard case .notStarted(let reason) = ending else { return false }
        return reason.contains(text)
    }
}
