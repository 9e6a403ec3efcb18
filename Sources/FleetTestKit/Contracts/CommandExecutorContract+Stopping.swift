import FleetModel
import FleetRunner

extension CommandExecutorContract {
    func checkDeadline(_ findings: inout Findings) async throws {
        let executor = try await open()
        for (way, isMutating) in Self.ways {
            let id = id("deadline.\(way)")
            let result = await executor.run(
                shell(
                    "echo begun; while :; do sleep 0.1; done", id.rawValue,
                    deadline: .milliseconds(300), isMutating: isMutating), id: id)
            findings.expect(result, ends: .timedOut)
            findings.expect(result.stdoutText == "begun\n", "what it printed is lost (\(way))")
            await expectNothingLeft(of: id, executor, &findings)
        }
    }

    func checkCancellation(_ findings: inout Findings) async throws {
        let executor = try await open()
        try await withScratch(executor, "cancellation") { directory in
            for (way, isMutating) in Self.ways {
                let id = id("cancelled.\(way)")
                let command = shell(
                    #"true > "$1"; while :; do sleep 0.1; done"#, "\(directory)/\(way)",
                    id.rawValue, isMutating: isMutating)
                let run = Task { await executor.run(command, id: id) }
                let hasBegun = await awaitFile("\(directory)/\(way)", executor)
                run.cancel()
                findings.expect(hasBegun, "it never began (\(way))")
                findings.expect(await run.value, ends: .cancelled)
                await expectNothingLeft(of: id, executor, &findings)
            }
        }
    }

    func checkCancelledBeforeItBegan(_ findings: inout Findings) async throws {
        let executor = try await open()
        for (way, isMutating) in Self.ways {
            let id = id("early.\(way)")
            let command = command(["true"], isMutating: isMutating)
            let run = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return await executor.run(command, id: id)
            }
            let result = await run.value
            findings.expect(
                result.isNotStarted(naming: "cancelled"), "cancelled early: \(result.ending)")
            let fate = await executor.fate(of: id, at: place)
            findings.expect(fate == .unknown, "what never started has the fate \(fate)")
        }
    }

    /// A grandchild that ignores TERM, under a parent that doesn't: whoever
    /// waits only for the parent leaves the grandchild behind.
    func checkStubbornTree(_ findings: inout Findings) async throws {
        let executor = try await open()
        let script = #"""
            sh -c 'trap "" TERM; while :; do sleep 0.1; done' "$1" &
            while :; do sleep 0.1; done
            """#
        for (way, isMutating) in Self.ways {
            let id = id("tree.\(way)")
            let result = await executor.run(
                shell(
                    script, id.rawValue, deadline: .milliseconds(500), isMutating: isMutating),
                id: id)
            findings.expect(result, ends: .timedOut)
            await expectNothingLeft(of: id, executor, &findings)
        }
    }

    private func expectNothingLeft(
        of id: CommandID, _ executor: any CommandExecutor, _ findings: inout Findings
    ) async {
        let left = await processes(marked: id.rawValue, executor)
        findings.expect(left.isEmpty, "\(id) left processes behind: \(left)")
    }
}
