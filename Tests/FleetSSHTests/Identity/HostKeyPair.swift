import Foundation

@testable import FleetSSH

/// A key made by `ssh-keygen`.
struct HostKeyPair {
    let path: String
    let key: PublicKey

    init(
        _ type: String, _ extra: [String] = [], passphrase: String = "",
        in scratch: ScratchDirectory
    ) throws {
        path = scratch.unique("key")
        let arguments = ["-q", "-t", type, "-N", passphrase, "-C", "a comment", "-f", path]
        // A large RSA key is seconds of looking for primes.
        let size = type == "rsa" && !extra.contains("-b") ? ["-b", "1024"] : []
        let made = try Program.run("/usr/bin/ssh-keygen", arguments + extra + size, in: scratch)
        let text = try String(contentsOfFile: "\(path).pub", encoding: .utf8)
        let words = text.split(separator: " ")
        guard made.status == 0, words.count >= 2, let key = PublicKey(base64: words[1]) else {
            throw SSHTrouble(.unusable, made.stderr)
        }
        self.key = key
    }
}
