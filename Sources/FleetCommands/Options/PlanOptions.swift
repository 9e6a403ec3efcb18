import ArgumentParser

/// What a plan is made from, besides the inventory.
struct PlanOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The rollout policy: a name in Policies/Rollouts/, or a path.", valueName: "policy"))
    var policy: String?

    @Flag(help: "Plan without a canary. Needs --reason.")
    var noCanary = false

    @Option(help: ArgumentHelp("Why a rule is set aside.", valueName: "text"))
    var reason: String?

    func validate() throws {
        if noCanary && (reason ?? "").isEmpty {
            throw ValidationError("--no-canary needs --reason TEXT.")
        }
    }

    var noCanaryReason: String? { noCanary ? reason : nil }
}
