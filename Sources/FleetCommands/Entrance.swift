import ArgumentParser
import FleetModel
import Foundation

/// Where the process begins and where every error ends: as a letter to the
/// operator and an exit code.
public enum Entrance {
    public static func main() async {
        // A child that closes its end early must not take us with it.
        signal(SIGPIPE, SIG_IGN)
        // Everything we create is the operator's alone.
        umask(0o077)
        do {
            try await run()
        } catch let error as any OperatorError {
            Speech.standard.complain(error.description)
            exit(error.exitCode.rawValue)
        } catch let code as FleetModel.ExitCode {
            exit(code.rawValue)
        } catch {
            Bellwether.exit(withError: error)
        }
    }

    private static func run() async throws {
        var command = try Bellwether.parseAsRoot()
        if var command = command as? any AsyncParsableCommand {
            try await command.run()
        } else {
            try command.run()
        }
    }
}

extension FleetModel.ExitCode: Error {}
