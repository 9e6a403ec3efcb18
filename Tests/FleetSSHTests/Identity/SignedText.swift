import Foundation

@testable import FleetSSH

/// A text to sign, and `ssh-keygen -Y verify` to say whether a signature holds.
struct SignedText {
    let scratch: ScratchDirectory
    private let text = "a bellwether leads the flock\n"

    init(scratch: ScratchDirectory) { self.scratch = scratch }

    /// What PROTOCOL.sshsig says is signed.
    var toBeSigned: [UInt8] {
        Array("SSHSIG".utf8) + "flock".wireString + "".wireString + "sha512".wireString
            + Digests.sha512(Array(text.utf8)).wireString
    }

    func holds(_ signature: [UInt8], by key: PublicKey) throws -> Bool {
        let algorithm = key.type == "ssh-rsa" ? "rsa-sha2-512" : key.type
        let blob = algorithm.wireString + signature.wireString
        let whole =
            Array("SSHSIG".utf8) + UInt32(1).bigEndianBytes + key.blob.wireString
            + "flock".wireString + "".wireString + "sha512".wireString + blob.wireString
        let armour = whole.base64.split(by: 70).joined(separator: "\n")
        let name = scratch.unique("signed").split(separator: "/").last.map(String.init) ?? ""
        let path = try scratch.write(
            "-----BEGIN SSH SIGNATURE-----\n\(armour)\n-----END SSH SIGNATURE-----\n", to: name)
        let signers = try scratch.write("sheep \(key.text)\n", to: "\(name).signers")
        let words = try scratch.write(text, to: "\(name).text")
        let line =
            "ssh-keygen -Y verify -f \(signers) -I sheep -n flock -s \(path) < \(words)"
        return try Program.run("/bin/sh", ["-c", line], in: scratch).status == 0
    }
}

extension String {
    fileprivate func split(by count: Int) -> [Substring] {
        var (pieces, rest) = ([Substring](), self[...])
        while !rest.isEmpty {
            pieces.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return pieces
    }
}
