import Foundation

/// What the process says: results to stdout, talk to stderr.
struct Speech: Sendable {
    static let standard = Speech(whereabouts: Whereabouts(Array(CommandLine.arguments.dropFirst())))

    /// What commands in hints have to repeat.
    let whereabouts: Whereabouts

    /// A result. What scripts read.
    func tell(_ lines: [String]) { write(lines, to: .standardOutput) }
    func tell(_ line: String) { tell([line]) }

    /// Talk about the result. What people read.
    func remark(_ line: String) { write([line], to: .standardError) }

    func complain(_ text: String) { write([text], to: .standardError) }

    /// A piece of a screen, as it is.
    func paint(_ text: String) { put(text, to: .standardOutput) }

    private func write(_ lines: [String], to handle: FileHandle) {
        guard !lines.isEmpty else { return }
        let complete = lines.map(whereabouts.completing)
        put(complete.joined(separator: "\n") + "\n", to: handle)
    }

    private func put(_ text: String, to handle: FileHandle) {
        // A reader that went away is no reason to stop leading a run.
        try? handle.write(contentsOf: Data(text.utf8))
    }
}
