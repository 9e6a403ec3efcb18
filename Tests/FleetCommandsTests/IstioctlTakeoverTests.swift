import Foundation
import Testing

extension CommandLineTests {
    /// From an Istio without a revision to one, by a played istioctl and the real kubectl.
    @Suite struct IstioctlTakeoverTests {
        @Test(.lab(clusters: 1, kind: "istioctl"))
        func `an istioctl upgrade completes, and when it is run again there is nothing to change`()
            async throws
        {
            try await Project.onIstioctlLab([1]) { project, lab, istioctl in
                let name = Flock.name(1)
                let asked = try await project.run("preflight", "lab", "--policy", "lab")
                #expect(asked.exit == 0, "\(asked.story)")
                let first = try await project.lead("run", "lab", "--policy", "lab").end()
                #expect(first.exit == 0, "\(first.story)")
                #expect(first.complaint == "")
                let left = try await lab.kubectl(
                    name, "get", "deployments,configmaps,mutatingwebhookconfigurations", "-A",
                    "-l", "istio.io/rev=default", "-o", "name")
                #expect(left == "")
                let survey = try await project.run("survey", name)
                #expect(survey.output.contains("1-28 1.28.0"), "\(survey.output)")
                let moment = try lab.moment()
                let plan = try await project.run("plan", "lab", "--policy", "lab", "--quiet").word
                let again = try await project.lead("run", plan).end()
                #expect(again.exit == 0, "\(again.story)")
                #expect(try lab.changes(of: [name], since: moment).isEmpty)
                let calls = try istioctl.calls()
                #expect(calls.filter { $0.contains(" install ") }.count == 1)
                let looks = calls.filter { $0.contains(" analyze ") }
                #expect(looks.count > 2, "before, to note it, and in the end")
                #expect(calls.filter { $0.hasSuffix("uninstall --revision default -y") }.count == 1)
            }
        }
    }
}
