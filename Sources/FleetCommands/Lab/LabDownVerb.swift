import ArgumentParser
import FleetLab

struct LabDownVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down", abstract: "Shut the lab down. Its files stay.")

    @OptionGroup var choice: LabChoice

    func run() async throws {
        let home = LabHome(choice.directory)
        guard let server = home.knownServer, server.isAlive else {
            home.forget()
            return Speech.standard.remark("No lab runs in \(choice.directory).")
        }
        try await server.client.shutDown()
        for _ in 0..<shutdownLooks where server.isAlive { await LabPause.brief() }
        home.forget()
        Speech.standard.tell("The lab is down.")
    }
}

/// Ten seconds: watches are cut, nothing else is in the way.
private let shutdownLooks = 200
