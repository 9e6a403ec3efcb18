import ArgumentParser
import FleetLab
import Foundation

/// The lab itself, in the foreground. `lab up` starts it in the background.
struct LabServeVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve a lab until it is shut down.",
        shouldDisplay: false)

    @OptionGroup var size: LabSize
    @OptionGroup var choice: LabChoice
    @Option(help: "The address to serve on. Who reaches it may do anything.")
    var host = "127.0.0.1"

    func run() async throws {
        // Closing the terminal that started us must not end the lab.
        setsid()
        signal(SIGHUP, SIG_IGN)
        let home = LabHome(choice.directory)
        try FileManager.default.createDirectory(
            at: home.directory, withIntermediateDirectories: true)
        var configuration = try size.configuration()
        configuration.host = host
        let lab = try await Lab(configuration, requests: home.requests)
        try await lab.serve { port in
            do {
                try lab.files(port: port).write(to: home.directory)
                try home.write(port: port)
            } catch {
                Speech.standard.complain("\(error)")
                Foundation.exit(1)
            }
        }
        home.forget()
    }
}
