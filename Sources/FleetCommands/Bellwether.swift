import ArgumentParser

/// The verbs, in the order a person meets them.
struct Bellwether: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bellwether",
        abstract: "Leads a fleet of Kubernetes clusters through an Istio takeover, canary first.",
        version: "0.1.0",
        subcommands: [
            PlanVerb.self, PreflightVerb.self, RehearseVerb.self, RunVerb.self, ResumeVerb.self,
            StatusVerb.self, WhyVerb.self, LogsVerb.self, HaltVerb.self, ApproveVerb.self,
            RollbackVerb.self, ExecVerb.self, SurveyVerb.self, BastionVerb.self, LabVerb.self,
        ])
}
