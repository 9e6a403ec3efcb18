import Foundation

/// A session at the command line, recorded in `Sessions/`: commands after `$`, then
/// stdout, stderr after `!`, and the exit code when it isn't zero.
///
/// `ID` in a command stands for the latest plan or run.
struct Session {
    let name: String
    let project: Project

    init(_ name: String, in project: Project) { (self.name, self.project) = (name, project) }

    /// Plays the commands of the record once more.
    func play() async throws -> Transcript {
        let recorded = try String(contentsOf: record, encoding: .utf8)
        let commands = recorded.split(separator: "\n").filter { $0.hasPrefix(prompt) }
        var played: [String] = []
        var id = "0000"
        for command in commands {
            let run = try await play(command.dropFirst(prompt.count), id)
            id = self.id(in: run.output) ?? id
            played += [String(command)] + lines(of: run) + [""]
        }
        let text = played.joined(separator: "\n")
        if isRecording { try Data(text.utf8).write(to: record) }
        return Transcript(recorded: recorded.components(separatedBy: "\n"), played: played)
    }

    private func play(_ command: Substring, _ id: String) async throws -> ProgramRun {
        let words = command.split(separator: " ").map { $0 == "ID" ? id : String($0) }
        return try await project.start(words).end()
    }

    private func id(in output: String) -> String? {
        output.firstMatch(of: /(?:Run|Plan) ([0-9A-Z]{4}):/).map { String($0.1) }
    }

    private func lines(of run: ProgramRun) -> [String] {
        let masks = Masks(project: project.directory, lab: Lab.current?.directory)
        let output = body(masks.apply(to: run.output))
        let complaint = body(masks.apply(to: run.complaint)).map { "! \($0)" }
        return output + complaint + (run.exit == 0 ? [] : ["= exit \(run.exit)"])
    }

    private func body(_ text: String) -> [String] {
        var lines = text.components(separatedBy: "\n")
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    private var record: URL {
        Program.root.appending(path: "Tests/FleetCommandsTests/Sessions/\(name).txt")
    }

    private var isRecording: Bool {
        ProcessInfo.processInfo.environment["RECORD_SESSIONS"] != nil
    }
}

private let prompt = "$ bellwether "
