import ArgumentParser
import FleetLab
import FleetModel

struct LabMendVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mend", abstract: "End a cluster's faults, or one of them.")

    @Argument(help: "The cluster's name.")
    var cluster: String
    @Argument(help: "The fault's name. Without one, all of them end.")
    var fault: String?
    @OptionGroup var choice: LabChoice

    func run() async throws {
        let server = try LabHome(choice.directory).server()
        let answer = try await server.client.mend(cluster, fault)
        Speech.standard.tell("\(cluster): \(LabFaultWords.list(answer["faults"]))")
    }
}
