import ArgumentParser
import FleetLab
import FleetModel

struct LabBreakVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "break",
        abstract: "Play a fault on a cluster of the lab.",
        discussion: """
            Faults:
            \(faultList)

            Example:
              bellwether lab break edge-01 control-plane-never-ready
            """)

    @Argument(help: "The cluster's name.")
    var cluster: String
    @Argument(help: "The fault's name.")
    var fault: String
    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp("A parameter of the fault.", valueName: "name=value"))
    var parameters: [String] = []
    @Option(help: ArgumentHelp("Begin after so many seconds of lab time.", valueName: "seconds"))
    var after: Int?
    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("End after so many seconds of lab time.", valueName: "seconds"))
    var length: Int?
    @OptionGroup var choice: LabChoice

    func validate() throws {
        for parameter in parameters where !parameter.contains("=") {
            throw ValidationError("--set takes name=value, got: \(parameter)")
        }
    }

    func run() async throws {
        let server = try LabHome(choice.directory).server()
        let answer = try await server.client.breakCluster(cluster, document)
        Speech.standard.tell("\(cluster): \(LabFaultWords.list(answer["faults"]))")
    }

    private var document: JSON {
        var document: JSON = ["fault": .string(fault)]
        for parameter in parameters {
            let parts = parameter.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            document[path: ["parameters", String(parts[0])]] = .string(String(parts[1]))
        }
        document["after"] = after.map { .int(Int64($0)) }
        document["for"] = length.map { .int(Int64($0)) }
        return document
    }
}

private let faultList = LabFaultKind.allCases.map { kind in
    let parameters = kind.parameters.map { "\n      --set \($0.name)=…  \($0.meaning)" }.joined()
    return "  \(kind.rawValue)\n      \(kind.explanation)\(parameters)"
}.joined(separator: "\n")
