import ArgumentParser

struct LabVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab",
        abstract: "A simulated fleet on this machine, which the real kubectl talks to.",
        subcommands: [
            LabUpVerb.self, LabStatusVerb.self, LabBreakVerb.self, LabMendVerb.self,
            LabDownVerb.self, LabServeVerb.self,
        ])
}

/// Which lab a verb is about.
struct LabChoice: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The lab's directory: its kubeconfig, inventory, policies and log.", valueName: "dir"))
    var directory = "lab"
}
