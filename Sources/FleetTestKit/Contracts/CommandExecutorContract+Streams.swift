import FleetModel
import FleetRunner
import Foundation

extension CommandExecutorContract {
    func checkStreamsApart(_ findings: inout Findings) async throws {
        let executor = try await open()
        for (way, isMutating) in Self.ways {
            let result = await executor.run(
                shell("echo out; echo err >&2; printf end", isMutating: isMutating),
                id: id("apart.\(way)"))
            findings.expect(result.stdoutText == "out\nend", "stdout is \(result.stdoutText)")
            findings.expect(result.stderrText == "err\n", "stderr is \(result.stderrText)")
            findings.expect(!result.isTruncated, "called truncated and is not (\(way))")
        }
    }

    /// Both at once, so that whoever reads one after the other hangs.
    func checkTenMegabytes(_ findings: inout Findings) async throws {
        let executor = try await open()
        let size = 10 << 20
        let script = """
            yes out | head -c \(size) &
            yes err | head -c \(size) >&2
            wait
            """
        for (way, isMutating) in Self.ways {
            let result = await executor.run(
                shell(script, isMutating: isMutating), id: id("megabytes.\(way)"))
            findings.expect(result, ends: .exited(0))
            findings.expect(result.stdout.isRepeated("out\n", size), "stdout is not as written")
            findings.expect(result.stderr.isRepeated("err\n", size), "stderr is not as written")
            findings.expect(!result.isTruncated, "called truncated and is not (\(way))")
        }
    }

    func checkTruncatedOutput(_ findings: inout Findings) async throws {
        let executor = try await open()
        for (way, isMutating) in Self.ways {
            for (extra, stream) in [(0, "1"), (1, "1"), (1, "2"), (1 << 20, "2")] {
                let script = "yes | head -c \(outputKept + extra) >&\(stream)"
                let result = await executor.run(
                    shell(script, isMutating: isMutating),
                    id: id("truncated.\(way).\(extra).\(stream)"))
                let kept = stream == "1" ? result.stdout : result.stderr
                findings.expect(result, ends: .exited(0))
                findings.expect(kept.isRepeated("y\n", outputKept), "\(kept.count) bytes are kept")
                findings.expect(
                    result.isTruncated == (extra > 0),
                    "\(extra) bytes too many (\(way)): isTruncated is \(result.isTruncated)")
            }
        }
    }

    func checkStdinOfOneMegabyte(_ findings: inout Findings) async throws {
        let executor = try await open()
        var words = AwkwardWords(seed: 1)
        let text = String((0..<60_000).flatMap { _ in words.word() + "\n" }) + "no newline"
        for (way, isMutating) in Self.ways {
            let result = await executor.run(
                command(["cat"], stdin: text, isMutating: isMutating), id: id("stdin.\(way)"))
            findings.expect(result, ends: .exited(0))
            findings.expect(result.stdout == Array(text.utf8), "stdin came back changed (\(way))")
        }
    }

    func checkStdinNotRead(_ findings: inout Findings) async throws {
        let executor = try await open()
        let text = String(repeating: "unread\n", count: 150_000)
        for (way, isMutating) in Self.ways {
            for round in 0..<20 {
                let result = await executor.run(
                    command(["true"], stdin: text, isMutating: isMutating),
                    id: id("unread.\(way).\(round)"))
                findings.expect(result, ends: .exited(0))
            }
        }
    }

    func checkNoStdin(_ findings: inout Findings) async throws {
        let executor = try await open()
        for (way, isMutating) in Self.ways {
            let result = await executor.run(
                command(["cat"], deadline: .minutes(5), isMutating: isMutating),
                id: id("nothing.\(way)"))
            findings.expect(result, ends: .exited(0))
            findings.expect(result.stdout.isEmpty, "a command without stdin read something")
        }
    }
}

extension [UInt8] {
    /// Whether these are the first bytes of a text repeated for ever: they
    /// begin with it, and are the same moved on by its length. In one call,
    /// because a loop over megabytes takes seconds in a debug build.
    fileprivate func isRepeated(_ text: String, _ size: Int) -> Bool {
        let period = text.utf8.count
        guard count == size, size > period, starts(with: text.utf8) else { return false }
        return withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return false }
            return memcmp(start, start + period, size - period) == 0
        }
    }
}
