import FleetLab
import FleetModel
import Foundation

/// A lab's directory, and the process that serves from it.
struct LabHome {
    let directory: URL

    init(_ path: String) { directory = URL(filePath: path).absoluteURL }

    var log: URL { directory.appending(path: "lab.log") }
    var requests: URL { directory.appending(path: "requests.jsonl") }
    private var note: URL { directory.appending(path: "lab.json") }

    /// The process that serves the lab, as it said itself.
    struct Server {
        let pid: Int32
        let port: Int
        var client: LabClient { LabClient(port: port) }
        var isAlive: Bool { kill(pid, 0) == 0 || errno == EPERM }
    }

    /// - Throws: when no lab runs here.
    func server() throws -> Server {
        guard let server = knownServer, server.isAlive else {
            throw UsageError.labNotRunning(directory.lastPathComponent)
        }
        return server
    }

    var knownServer: Server? {
        // No note, or half a one, means that nobody serves yet.
        guard let data = try? Data(contentsOf: note),
            let document = JSON(parsing: Array(data)),
            let pid = document["pid"]?.int, let port = document["port"]?.int
        else { return nil }
        return Server(pid: Int32(pid), port: port)
    }

    func write(port: Int) throws {
        let document: JSON = ["pid": .int(Int64(getpid())), "port": .int(Int64(port))]
        try Data((document.description + "\n").utf8).write(to: note, options: .atomic)
    }

    func forget() {
        // A note that is gone already needs no removing.
        try? FileManager.default.removeItem(at: note)
    }
}
