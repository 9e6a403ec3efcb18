import FleetModel
import FleetRunner

extension CommandExecutorContract {
    /// Leaves a line in `$1/ran` each time it runs, says so, and ends when
    /// `$1/go` is there.
    private static let script = #"""
        echo ran >> "$1/ran"
        echo begun
        true > "$1/begun"
        until [ -e "$1/go" ]; do sleep 0.02; done
        echo done >&2
        exit 7
        """#

    private func job(_ directory: String) -> Command {
        shell(Self.script, directory, isMutating: true)
    }

    private func letGo(_ directory: String, _ executor: any CommandExecutor) async {
        _ = await executor.run(
            command(["touch", "\(directory)/go"], isMutating: false), id: id("go"))
    }

    private func expectOneRun(
        _ directory: String, _ executor: any CommandExecutor, _ findings: inout Findings
    ) async {
        let runs = await contents(of: "\(directory)/ran", executor)
        findings.expect(runs == "ran\n", "it ran \(runs.split(separator: "\n").count) times")
    }

    func checkKnownID(_ findings: inout Findings) async throws {
        let (first, second) = (try await open(), try await open())
        try await withScratch(first, "known") { directory in
            await letGo(directory, first)
            let result = await first.run(job(directory), id: id("known"))
            let again = await second.run(job(directory), id: id("known"))
            findings.expect(result, ends: .exited(7))
            findings.expect(result.stdoutText == "begun\n", "stdout is \(result.stdoutText)")
            findings.expect(again == result, "the second answer differs: \(again)")
            await expectOneRun(directory, first, &findings)
        }
    }

    func checkFate(_ findings: inout Findings) async throws {
        let executor = try await open()
        let id = id("fate")
        try await withScratch(executor, "fate") { directory in
            let before = await executor.fate(of: id, at: place)
            findings.expect(before == .unknown, "before it starts its fate is \(before)")
            let run = Task { await executor.run(job(directory), id: id) }
            let hasBegun = await awaitFile("\(directory)/begun", executor)
            let during = await executor.fate(of: id, at: place)
            await letGo(directory, executor)
            let result = await run.value
            findings.expect(hasBegun && during == .running, "while it runs its fate is \(during)")
            let after = await executor.fate(of: id, at: place)
            findings.expect(after == .ended(result), "when it has ended its fate is \(after)")
            await executor.acknowledge(id, at: place)
            let forgotten = await executor.fate(of: id, at: place)
            findings.expect(forgotten == .unknown, "once acknowledged its fate is \(forgotten)")
        }
    }

    /// The executor that started the job is abandoned; another one takes it up.
    func checkReattachment(_ findings: inout Findings) async throws {
        let (first, second) = (try await open(), try await open())
        let id = id("reattached")
        try await withScratch(second, "reattached") { directory in
            let abandoned = Task { await first.run(job(directory), id: id) }
            let hasBegun = await awaitFile("\(directory)/begun", second)
            let fate = await second.fate(of: id, at: place)
            async let result = second.run(job(directory), id: id)
            await letGo(directory, second)
            findings.expect(hasBegun && fate == .running, "to another its fate is \(fate)")
            findings.expect(await result, ends: .exited(7))
            findings.expect(await result.stdoutText == "begun\n", "its early output is lost")
            await expectOneRun(directory, second, &findings)
            _ = await abandoned.value
        }
    }

    func checkTenStarts(_ findings: inout Findings) async throws {
        let executors = [try await open(), try await open()]
        let id = id("ten")
        try await withScratch(executors[0], "ten") { directory in
            let command = job(directory)
            await letGo(directory, executors[0])
            let results = await withTaskGroup { group in
                for start in 0..<10 {
                    group.addTask { await executors[start % 2].run(command, id: id) }
                }
                return await group.reduce(into: [CommandResult]()) { $0.append($1) }
            }
            findings.expect(Set(results).count == 1, "ten starts have different results")
            results.forEach { findings.expect($0, ends: .exited(7)) }
            await expectOneRun(directory, executors[0], &findings)
        }
    }

    /// The command kills the process that would have recorded its end.
    func checkUnknownOutcome(_ findings: inout Findings) async throws {
        let (first, second) = (try await open(), try await open())
        let id = id("unknown")
        try await withScratch(first, "unknown") { directory in
            let command = shell(
                #"echo ran >> "$1/ran"; kill -s KILL $PPID; while :; do sleep 0.1; done"#,
                directory, id.rawValue, isMutating: true)
            for executor in [first, second] {
                let result = await executor.run(command, id: id)
                findings.expect(result.isLost, "ended with \(result.ending) instead of lost")
                let fate = await executor.fate(of: id, at: place)
                findings.expect(fate.isLost, "its fate is \(fate) instead of lost")
            }
            await expectOneRun(directory, first, &findings)
            let left = await processes(marked: id.rawValue, first)
            findings.expect(left.isEmpty, "lost, yet still running: \(left)")
        }
    }

    func checkAcknowledgement(_ findings: inout Findings) async throws {
        let executor = try await open()
        let id = id("early-acknowledged")
        try await withScratch(executor, "acknowledged") { directory in
            let run = Task { await executor.run(job(directory), id: id) }
            let hasBegun = await awaitFile("\(directory)/begun", executor)
            await executor.acknowledge(id, at: place)
            let fate = await executor.fate(of: id, at: place)
            findings.expect(hasBegun && fate == .running, "acknowledged early, it is \(fate)")
            await letGo(directory, executor)
            findings.expect(await run.value, ends: .exited(7))
        }
    }
}

extension CommandResult {
    fileprivate var isLost: Bool {
        if case .lost = ending { true } else { false }
    }
}

extension CommandFate {
    fileprivate var isLost: Bool {
        if case .lost = self { true } else { false }
    }
}
