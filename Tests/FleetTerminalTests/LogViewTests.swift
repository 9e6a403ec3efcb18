import FleetModel
import FleetTerminal
import Testing

struct LogViewTests {
    func record(
        _ argv: [String] = ["kubectl", "get", "pods"], number: Int = 1, stdin: String? = nil,
        redactions: [String] = [], result: CommandResult? = CommandResult(.exited(0))
    ) -> CommandRecord {
        CommandRecord(
            id: "7F3K.edge-02.1.0.1.1",
            attempt: Attempt(cluster: "edge-02", phase: 1, step: 0, number: number),
            command: Command(argv, stdin: stdin, isMutating: true, redactions: redactions),
            startedAt: RunSnapshot.at(202), result: result)
    }

    func draw(_ records: CommandRecord..., width: Int = 60) -> String {
        LogView(plan: .sample, width: width, style: .plain).draw(records).joined(separator: "\n")
    }

    func output(_ text: String) -> CommandResult {
        CommandResult(.exited(1), stdout: Array(text.utf8), duration: .milliseconds(1_250))
    }

    @Test func `commands stand under the attempt they belong to`() {
        let failed = CommandResult(
            .exited(1), stdout: Array("a\nb\n".utf8), stderr: Array("no such pod".utf8),
            isTruncated: true, duration: .milliseconds(340))
        #expect(
            draw(record(), record(stdin: "x", result: failed), record(number: 2, result: nil))
                == """
                edge-02 activate attempt 1 (takeover)
                  14:03:22 $ kubectl get pods
                    exit 0 after 0ms
                  14:03:22 $ kubectl get pods
                    stdin │ x
                    exit 1 after 340ms
                    stdout │ a
                    stdout │ b
                    stderr │ no such pod
                    (more was printed than was kept)

                edge-02 activate attempt 2 (takeover)
                  14:03:22 $ kubectl get pods
                    has not been seen to end
                """)
    }

    @Test func `what was killed with a command is named`() {
        var stopped = CommandResult(.timedOut, duration: .milliseconds(340))
        stopped.killed = ["4711 sh", "4712 helm"]
        #expect(
            draw(record(result: stopped)).hasSuffix(
                """
                    timed out after 340ms
                    killed │ 4711 sh
                    killed │ 4712 helm
                """))
    }

    @Test func `long output shows its beginning and its end and counts what is between`() {
        let text = (1...100).map { "line \($0)" }.joined(separator: "\n")
        let lines = draw(record(result: output(text)))
        #expect(lines.contains("line 12\n    stdout │ … 76 lines left out\n    stdout │ line 89\n"))
        #expect(lines.hasSuffix("stdout │ line 100"))
    }

    @Test func `one endless line is cut and the rest of it counted`() {
        let lines = draw(record(result: output(String(repeating: "x", count: 100_000))), width: 60)
        #expect(lines.hasSuffix("stdout │ … 99816 characters left out"))
    }

    @Test func `a shell line is never cut`() {
        let argv = ["kubectl", "apply", String(repeating: "y", count: 300)]
        #expect(draw(record(argv)).contains(argv.joined(separator: " ")))
    }

    @Test func `what must not be seen is not seen, wherever it stands`() {
        let lines = draw(
            record(
                ["login", "s3cret"], stdin: "s3cret", redactions: ["s3cret"],
                result: output("you said s3cret")))
        #expect(!lines.contains("s3cret"))
    }

    @Test func `output cannot steer the terminal`() {
        let lines = draw(record(result: output("\u{1B}]0;title\u{07}\u{1B}[2J")))
        #expect(!lines.unicodeScalars.contains("\u{1B}"))
    }

    @Test func `without records it says so`() {
        #expect(draw() == "No command has run there yet.")
    }
}
