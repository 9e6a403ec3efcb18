import FleetModel
import FleetRunner
import Foundation
import Testing

@testable import FleetCommands

struct BastionSurveyTests {
    private let answer = """
        Welcome to ams-jump!
        clock 1795245839
        free 51200
        tool setsid /usr/bin/setsid
        tool kubectl /opt/my tools/kubectl
        version Client Version: v1.32.4
        kubeconfig 
        context edge-01
        context edge-02
        kubeconfig /etc/other clusters
        context edge-01
        context edge-03
        """

    @Test func `an answer is read line by line, whatever stands between`() {
        let survey = BastionSurvey(answer: answer)
        #expect(survey.clock == 1_795_245_839)
        #expect(
            survey.tools == [
                "setsid": "/usr/bin/setsid", "kubectl": "/opt/my tools/kubectl",
            ])
        #expect(survey.kubectlVersion == "Client Version: v1.32.4")
        #expect(
            survey.contexts == [
                "": ["edge-01", "edge-02"], "/etc/other clusters": ["edge-01", "edge-03"],
            ])
        #expect(survey.allContexts == ["edge-01", "edge-02", "edge-03"])
        #expect(!survey.killsUserProcesses)
    }

    @Test func `what a takeover would trip over is said with its cure`() {
        let survey = BastionSurvey(answer: answer + "\nkills")
        let warnings = survey.warnings(
            clusters: [Cluster("edge-01"), Cluster("edge-09")], skew: .seconds(-3_600))
        let wanted = ["`sleep`", "no context edge-09", "behind", "only 50 MB", "KillExcludeUsers"]
        #expect(warnings.count == wanted.count)
        for (warning, words) in zip(warnings, wanted) { #expect(warning.contains(words)) }
    }

    @Test func `a bastion that has all it needs gives no cause for worry`() {
        let tools = ["setsid", "sleep", "kubectl"].map { "tool \($0) /bin/\($0)" }
        let survey = BastionSurvey(
            answer: (tools + ["context edge-01", "free 9999999"]).joined(separator: "\n"))
        #expect(survey.warnings(clusters: [Cluster("edge-01")], skew: .seconds(1)) == [])
    }

    @Test func `a context counts in the kubeconfig that its cluster names`() {
        let survey = BastionSurvey(answer: answer)
        var (other, renamed) = (Cluster("edge-02"), Cluster("tin"))
        other.kubeconfig = "/etc/other clusters"
        renamed.context = "edge-09"
        let clusters = [Cluster("edge-01"), other, renamed]
        #expect(survey.clustersWithoutContext(clusters).map(\.name) == ["edge-02", "tin"])
        let warnings = survey.warnings(clusters: clusters, skew: nil)
        #expect(warnings.contains("its kubeconfig has no context edge-09 (tin)"))
        #expect(warnings.contains("/etc/other clusters there has no context edge-02"))
    }

    @Test func `the question is one that a shell answers`() async throws {
        let jobs = FileManager.default.temporaryDirectory.appending(path: "survey-\(UUID())").path
        // The system empties its temporary directory in time.
        defer { try? FileManager.default.removeItem(atPath: jobs) }
        let environment = LocalEnvironment(from: ProcessInfo.processInfo.environment)
        let executor = try LocalExecutor(
            jobsDirectory: jobs, tools: ToolPaths(searchPath: environment.searchPath),
            environment: environment)
        var bastion = Bastion("here", host: "localhost")
        bastion.tools = ["helm": "/bin/cat"]
        var command = BastionSurvey.command(for: bastion, kubeconfigs: ["/nowhere/it's"])
        (command.place, command.deadline) = (.local, .minutes(10))
        let result = await executor.run(command, id: "survey")
        #expect(result.succeeded, "\(result.stderrText)")
        let survey = BastionSurvey(answer: result.stdoutText)
        #expect(survey.tools["setsid"] != nil)
        #expect(survey.tools["helm"] == "/bin/cat")
        #expect(survey.clock != nil)
        #expect(survey.freeKilobytes != nil)
    }
}
