import FleetModel
import FleetRunner
import FleetTestKit
import Foundation
import Testing

@testable import FleetCommands

/// Whether logind ends durable jobs, by what it says itself over D-Bus.
struct LogindTests {
    /// Properties as `busctl get-property` prints them, and what they mean for Ada.
    @Test(arguments: [
        ("b true", #"as 1 "root""#, "as 0", true),
        ("b true", #"as 2 "root" "ada""#, "as 0", false),
        ("b true", "as 0", "as 0", true),
        ("b true", #"as 1 "root""#, #"as 1 "bob""#, false),
        ("b true", #"as 1 "root""#, #"as 2 "bob" "ada""#, true),
        ("b true", #"as 1 "ada""#, #"as 1 "ada""#, false),
        ("b false", #"as 1 "root""#, "as 0", false),
    ])
    func `logind's own answer counts`(
        kills: String, spared: String, only: String, isWarned: Bool
    ) async throws {
        try await Scratch.directory { folder in
            let script = """
                #!/bin/sh
                case $5 in
                KillUserProcesses) echo '\(kills)' ;;
                KillExcludeUsers) echo '\(spared)' ;;
                KillOnlyUsers) echo '\(only)' ;;
                esac
                """
            try ExecutableFile.write(script, to: "\(folder.path)/busctl")
            try ExecutableFile.write("#!/bin/sh\necho ada", to: "\(folder.path)/id")
            let environment = LocalEnvironment(from: [
                "PATH": "\(folder.path):/usr/bin:/bin", "HOME": folder.path,
            ])
            let executor = try LocalExecutor(
                jobsDirectory: folder.appending(path: "jobs").path,
                tools: ToolPaths(searchPath: environment.searchPath), environment: environment)
            var command = BastionSurvey.command(for: Bastion("here"), kubeconfigs: [])
            (command.place, command.deadline) = (.local, .minutes(10))
            let result = await executor.run(command, id: "survey")
            #expect(result.succeeded, "\(result.stderrText)")
            let survey = BastionSurvey(answer: result.stdoutText)
            #expect(survey.killsUserProcesses == isWarned, "\(result.stdoutText)")
        }
    }
}
