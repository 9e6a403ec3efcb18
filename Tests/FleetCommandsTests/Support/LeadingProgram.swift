import Foundation

/// A program that leads a run and tells every event as a line of JSON.
struct LeadingProgram: Sendable {
    private let program: RunningProgram

    init(_ program: RunningProgram) { self.program = program }

    var pid: Int32 { program.pid }
    var remarks: String { program.remarks }

    func events() throws -> [RunEvent] { try program.lines.map(RunEvent.init) }

    func signal(_ number: Int32) { program.signal(number) }
    func end() async throws -> ProgramRun { try await program.end() }

    /// Waits until an event has happened.
    func reaches(_ what: String, where isIt: (RunEvent) -> Bool) async throws {
        var place = 0
        try await program.shows(what) {
            try program.lines(since: &place).lazy.map(RunEvent.init).first(where: isIt)
        }
    }

    func reaches(event name: String) async throws {
        try await reaches(name) { $0.event == name }
    }

    /// Waits until a cluster is at work on a step.
    func reaches(step: String, of cluster: String) async throws {
        try await reaches("\(step) of \(cluster)") {
            $0.event == "attemptStarted" && $0.step == step && $0.cluster == cluster
        }
    }
}
