import Testing

@testable import FleetSSH

/// What a dispatching shell is sent: lines in, bytes out.
struct DispatchRequestsTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func `a line is announced with its number, its newlines and its stdin`() {
        var requests = DispatchRequests()
        #expect(text(requests.run(1, Array("true".utf8), stdin: [])) == "run 1 0 0\ntrue\n")
        #expect(
            text(requests.run(2, Array("cat\n\nls".utf8), stdin: Array("a\nb".utf8)[...]))
                == "run 2 2 3\ncat\n\nls\na\nb\n")
    }

    @Test func `what lines have in common is sent once`() {
        var requests = DispatchRequests()
        let common = String(repeating: "set --; \n", count: 40)
        let lines = ["echo a", "echo b", "true", "exec\nls"].map { common + $0 }
        let sent = lines.enumerated().map { number, line in
            text(requests.run(number, Array(line.utf8), stdin: []))
        }
        #expect(sent[0] == "run 0 40 0\n\(lines[0])\n")
        #expect(sent[1] == "start 40\n\(common)echo \nrun 1 0 0 start\nb\n")
        #expect(sent[2] == "start 40\n\(common)\nrun 2 0 0 start\ntrue\n")
        #expect(sent[3] == "run 3 1 0 start\nexec\nls\n")
    }

    @Test func `a start never ends within a character`() {
        var requests = DispatchRequests()
        let common = String(repeating: "x", count: 300)
        _ = requests.run(1, Array("\(common)é".utf8), stdin: [])
        let sent = requests.run(2, Array("\(common)è".utf8), stdin: [])
        #expect(text(sent) == "start 0\n\(common)\nrun 2 0 0 start\nè\n")
    }

    @Test func `lines with little in common are sent whole`() {
        var requests = DispatchRequests()
        _ = requests.run(1, Array("echo one".utf8), stdin: [])
        #expect(text(requests.run(2, Array("echo two".utf8), stdin: [])) == "run 2 0 0\necho two\n")
    }
}
