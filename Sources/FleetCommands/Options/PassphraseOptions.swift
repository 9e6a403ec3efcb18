import ArgumentParser
import FleetSSH
import Foundation

/// Who is asked for the passphrases of private keys that no agent holds.
struct PassphraseOptions: ParsableArguments {
    @Option(
        name: .customLong("passphrase-fd"),
        help: ArgumentHelp(
            "Read passphrases of SSH keys from this open file, one on each line, instead of "
                + "asking at the terminal.", valueName: "descriptor"))
    var descriptor: Int32?

    func validate() throws {
        guard let descriptor else { return }
        // Our own output is nothing to read from.
        guard descriptor == 0 || descriptor > 2 else {
            throw ValidationError("--passphrase-fd should be 0, or 3 and up.")
        }
        guard fcntl(descriptor, F_GETFD) >= 0 else {
            throw ValidationError(
                "--passphrase-fd \(descriptor) isn't open; open it in the shell, "
                    + "as in `\(descriptor)<FILE`.")
        }
    }

    /// Whom to ask.
    var source: any PassphraseSource {
        descriptor.map(DescriptorPassphrases.init) ?? TerminalPassphrases()
    }
}
