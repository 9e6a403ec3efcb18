import ArgumentParser
import FleetModel
import FleetSSH
import Foundation

/// Where the process begins and where every error ends: as a letter to the
/// operator and an exit code.
public enum Entrance {
    public static func main() async {
        // A child that closes its end early must not take us with it.
        signal(SIGPIPE, SIG_IGN)
        Libcrypto.outliveExit()
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
            end(with: error)
        }
    }

    /// What the argument parser throws: a request for help, or a mistake in the words.
    private static func end(with error: any Error) -> Never {
        let code = Bellwether.exitCode(for: error)
        let text = Bellwether.fullMessage(for: error)
        guard !code.isSuccess else { Bellwether.exit(withError: error) }
        Speech.standard.complain(text.replacing("Error: ", with: "error: ", maxReplacements: 1))
        exit(code.rawValue)
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
