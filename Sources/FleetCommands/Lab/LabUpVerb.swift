import ArgumentParser
import FleetLab
import FleetModel
import Foundation

struct LabUpVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Start a lab in the background and write the files to use it.",
        discussion: "Example:\n  bellwether lab up --clusters 12 --management 2")

    @OptionGroup var size: LabSize
    @OptionGroup var choice: LabChoice

    func run() async throws {
        let home = LabHome(choice.directory)
        if let server = home.knownServer, server.isAlive {
            throw UsageError.labFailed(
                "one runs there already, as process \(server.pid)", log: home.log.path)
        }
        home.forget()
        try FileManager.default.createDirectory(
            at: home.directory, withIntermediateDirectories: true)
        // What the lab can't begin with is told here, and not in its log.
        let configuration = try size.configuration()
        let process = try spawn(home)
        say(try await waitForServer(home, process), configuration)
    }

    /// The server outlives us: its own log, no stdin, and a session of its own.
    private func spawn(_ home: LabHome) throws -> Process {
        try Data().write(to: home.log)
        let log = try FileHandle(forWritingTo: home.log)
        let process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments =
            ["lab", "serve", "--directory", home.directory.path] + size.arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = log
        process.standardError = log
        try process.run()
        return process
    }

    private func waitForServer(
        _ home: LabHome, _ process: Process
    ) async throws -> LabHome.Server {
        for _ in 0..<startLooks {
            if let server = home.knownServer, server.pid == process.processIdentifier {
                return server
            }
            guard process.isRunning else { break }
            await LabPause.brief()
        }
        process.terminate()
        throw UsageError.labFailed("it said nothing in time", log: home.log.path)
    }

    private func say(_ server: LabHome.Server, _ configuration: LabConfiguration) {
        let directory = choice.directory
        let clusters = configuration.fleet
        let workloads = clusters.filter { !$0.isManagement }
        Speech.standard.tell([
            "The lab is up: \(counted(workloads.count, "cluster")), "
                + "\(counted(clusters.count - workloads.count, "management cluster")), "
                + "\(size.speed.formatted())× real time, port \(server.port).",
            "  kubectl --kubeconfig \(directory)/kubeconfig --context \(workloads[0].name) "
                + "get pods -A",
            "  bellwether plan lab --policy lab --project \(directory)",
        ])
    }
}

/// Five minutes, a twentieth of a second at a time: hundreds of clusters settle in that.
private let startLooks = 6_000
