import ArgumentParser
import Foundation

/// Where the inventory, the policies and the journal are.
struct ProjectOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The directory with Inventory/, Policies/ and, in .bellwether/, the journal.",
            valueName: "dir"))
    var project = "."

    @Option(
        help: ArgumentHelp(
            "The inventory: a file, or a directory of YAML files. Default: Inventory/.",
            valueName: "path"))
    var inventory: String?

    @Option(
        help: ArgumentHelp(
            "The journal. Default: .bellwether/journal.sqlite in the project.", valueName: "path"))
    var journal: String?

    var inventoryPath: String { inventory ?? path("Inventory") }
    var journalPath: String { journal ?? path(".bellwether/journal.sqlite") }

    /// Where durable commands keep their results: beside the journal that knows them.
    var jobsPath: String {
        URL(filePath: journalPath).deletingLastPathComponent().appending(path: "jobs").path
    }

    func policyPath(_ name: String) -> String { file(name, in: "Policies/Rollouts") }
    func takeoverPath(_ name: String) -> String { file(name, in: "Policies/Takeovers") }

    private func file(_ name: String, in folder: String) -> String {
        let isPath = name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml")
        return isPath ? name : path("\(folder)/\(name).yaml")
    }

    private func path(_ relative: String) -> String {
        project == "." ? relative : URL(filePath: project).appending(path: relative).path
    }
}
