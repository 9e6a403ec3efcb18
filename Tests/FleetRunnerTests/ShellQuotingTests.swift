import FleetModel
import FleetRunner
import FleetTestKit
import Testing

struct ShellQuotingTests {
    @Test(arguments: TestShell.allCases, 0..<8)
    func `quoted words come out of a shell as they went in`(
        shell: TestShell, seed: UInt64
    ) async throws {
        guard let path = shell.path else { return shell.reportMissing() }
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        var generator = AwkwardWords(seed: seed)
        let words = AwkwardWords.known + (0..<400).map { _ in generator.word() }
        let line = Command(["printf", "%s\\0"] + words, isMutating: false).shellLine
        // Through stdin, the way a script reaches a remote shell.
        let result = try await scratch.executor().run(
            Command(
                [path] + shell.arguments, stdin: line, deadline: .minutes(10), isMutating: false),
            id: "quoted")
        #expect(result.ending == .exited(0))
        #expect(result.changedWord(of: words) == nil)
    }

    @Test(arguments: TestShell.allCases)
    func `quoted words come through a second shell too`(shell: TestShell) async throws {
        guard let path = shell.path else { return shell.reportMissing() }
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        var generator = AwkwardWords(seed: 99)
        let words = AwkwardWords.known + (0..<200).map { _ in generator.word() }
        let inner = Command(["printf", "%s\\0"] + words, isMutating: false).shellLine
        let outer = Command(
            [path] + shell.arguments + ["-c", "sh -c \(inner.shellQuoted)"],
            deadline: .minutes(10), isMutating: false)
        let result = try await scratch.executor().run(outer, id: "twice")
        #expect(result.changedWord(of: words) == nil)
    }

    /// Two characters to a shell and one to Swift: it once came through unquoted.
    @Test(arguments: TestShell.allCases)
    func `a quote under a combining mark can't end the quoting`(shell: TestShell) async throws {
        guard let path = shell.path else { return shell.reportMissing() }
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        let words = ["'\u{301}; touch \(scratch.path)/injected; '\u{301}"]
        let line = Command(["printf", "%s\\0"] + words, isMutating: false).shellLine
        let result = try await scratch.executor().run(
            Command(
                [path] + shell.arguments, stdin: line, deadline: .minutes(10), isMutating: false),
            id: "injected")
        #expect(result.changedWord(of: words) == nil)
        #expect(scratch.text("injected") == nil)
    }

    @Test func `a secret is redacted under a combining mark too`() {
        let command = Command(["true"], isMutating: false, redactions: ["s3cret", "'"])
        #expect(
            command.redacted("a s3cret\u{301} b '\u{301}")
                == "a [REDACTED]\u{301} b [REDACTED]\u{301}")
    }

    @Test func `a plain word stays as it is, an empty one is quoted`() {
        #expect("deployment/istiod-1-25".shellQuoted == "deployment/istiod-1-25")
        #expect("a=b,c:d@e%f+g".shellQuoted == "a=b,c:d@e%f+g")
        #expect("".shellQuoted == "''")
        #expect("it's".shellQuoted == #"'it'\''s'"#)
        #expect("~root".shellQuoted == "'~root'")
        #expect(Array("'\u{301}".shellQuoted.utf8) == Array(#"''\''"#.utf8) + [0xCC, 0x81, 0x27])
    }
}

extension CommandResult {
    /// The first word that `printf '%s\0'` did not print as it was given.
    fileprivate func changedWord(of words: [String]) -> String? {
        let printed = stdout.split(separator: 0, omittingEmptySubsequences: false).dropLast()
        guard printed.count == words.count else { return "\(printed.count) words: \(ending)" }
        return zip(words, printed).first { !$0.utf8.elementsEqual($1) }?.0
    }
}
