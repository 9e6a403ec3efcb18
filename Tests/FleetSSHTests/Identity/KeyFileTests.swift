import FleetTestKit
import Foundation
import Testing

@testable import FleetSSH

/// Keys are made by `ssh-keygen`, and it is `ssh-keygen` that says whether what we
/// sign with them holds.
struct KeyFileTests {
    private let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    struct Kind: CustomTestStringConvertible {
        let type: String
        let options: [String]

        var testDescription: String { ([type] + options).joined(separator: " ") }
    }

    static let kinds = [
        Kind(type: "ed25519", options: []), Kind(type: "ecdsa", options: ["-b", "256"]),
        Kind(type: "ecdsa", options: ["-b", "384"]), Kind(type: "ecdsa", options: ["-b", "521"]),
        Kind(type: "rsa", options: ["-b", "3072"]),
        Kind(type: "ecdsa", options: ["-m", "PEM"]), Kind(type: "rsa", options: ["-m", "PEM"]),
        Kind(type: "ecdsa", options: ["-b", "384", "-m", "PKCS8"]),
        Kind(type: "rsa", options: ["-m", "PKCS8"]),
    ]

    @Test(arguments: kinds)
    func `a plain key signs what ssh-keygen accepts`(kind: Kind) throws {
        let pair = try HostKeyPair(kind.type, kind.options, in: scratch)
        let file = try file(at: pair.path)
        #expect(!file.isEncrypted)
        #expect(file.publicKey == pair.key)
        try verify(try file.privateKey(nil), pair)
    }

    @Test(arguments: kinds)
    func `an encrypted key signs once its passphrase is there`(kind: Kind) throws {
        // Few rounds of bcrypt, for it is slow in a debug build.
        let options = kind.options.contains("-m") ? kind.options : kind.options + ["-a", "1"]
        let pair = try HostKeyPair(kind.type, options, passphrase: "open sésame", in: scratch)
        let file = try file(at: pair.path)
        #expect(file.isEncrypted)
        #expect(throws: KeyFlaw.locked) { try file.privateKey(nil) }
        #expect(throws: KeyFlaw.locked) { try file.privateKey(Secret(Array("open".utf8))) }
        try verify(try file.privateKey(Secret(Array("open sésame".utf8))), pair)
    }

    @Test(arguments: ["aes128-ctr", "aes192-cbc", "aes256-cbc"])
    func `keys under other ciphers open`(cipher: String) throws {
        let pair = try HostKeyPair(
            "ed25519", ["-Z", cipher, "-a", "1"], passphrase: "x", in: scratch)
        try verify(try file(at: pair.path).privateKey(Secret(Array("x".utf8))), pair)
    }

    @Test func `a cipher that authenticates is named, not guessed at`() throws {
        let pair = try HostKeyPair(
            "ed25519", ["-Z", "aes256-gcm@openssh.com", "-a", "1"], passphrase: "x", in: scratch)
        let file = try file(at: pair.path)
        #expect(
            throws: KeyFlaw.unsupported("a key encrypted with aes256-gcm@openssh.com and bcrypt")
        ) { try file.privateKey(Secret(Array("x".utf8))) }
    }

    @Test func `a file that asks for a year of bcrypt is refused`() throws {
        let pair = try HostKeyPair("ed25519", ["-a", "7"], passphrase: "x", in: scratch)
        let text = try String(contentsOfFile: pair.path, encoding: .utf8)
        var bytes = Array(try #require(Data(base64Encoded: body(of: text))))
        // After the magic, two names and the salt comes the number of rounds.
        let place = try #require(bytes.firstRange(of: [0, 0, 0, 7]))
        bytes.replaceSubrange(place, with: [0xff, 0xff, 0xff, 0xff])
        let file = try KeyFile(Array(wrapped(bytes).utf8))
        #expect(throws: KeyFlaw.broken("it asks for 4294967295 rounds of bcrypt")) {
            try file.privateKey(Secret(Array("x".utf8)))
        }
    }

    @Test func `the two halves of a key must belong together`() throws {
        let (one, two) = try (
            HostKeyPair("ed25519", in: scratch), HostKeyPair("ed25519", in: scratch)
        )
        let text = try String(contentsOfFile: one.path, encoding: .utf8)
        var bytes = Array(try #require(Data(base64Encoded: body(of: text))))
        let place = try #require(bytes.firstRange(of: one.key.blob))
        bytes.replaceSubrange(place, with: two.key.blob)
        let file = try KeyFile(Array(wrapped(bytes).utf8))
        #expect(throws: KeyFlaw.broken("its two halves differ")) { try file.privateKey(nil) }
    }

    @Test func `a secret is never shown`() {
        let secret = Secret(Array("sesame".utf8))
        var dumped = ""
        dump(secret, to: &dumped)
        let shown = ["\(secret)", String(reflecting: secret), dumped, "\([secret])"]
        #expect(shown.allSatisfy { !$0.contains("sesame") && !$0.contains("115") })
        #expect("\(secret)" == "[REDACTED]")
    }

    @Test func `numbers lose their zeros and keep their sign`() {
        #expect([UInt8]([0, 0, 0x80]).wireNumber == [0, 0, 0, 2, 0, 0x80])
        #expect([UInt8]([0, 1]).wireNumber == [0, 0, 0, 1, 1])
        #expect([UInt8]([0]).wireNumber == [0, 0, 0, 0])
    }

    @Test(arguments: ["ed25519", "ecdsa", "rsa"])
    func `whatever stands in a key file, reading it ends`(type: String) throws {
        let pair = try HostKeyPair(type, in: scratch)
        let text = try String(contentsOfFile: pair.path, encoding: .utf8)
        let good = Array(try #require(Data(base64Encoded: body(of: text))))
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<400 {
            let bytes = generator.mutated(good, tokens: [[0, 0, 0, 1], [255, 255, 255, 255]])
            open(Array(wrapped(bytes).utf8))
            open(generator.mutated(Array(text.utf8), tokens: [Array("-----BEGIN ".utf8)]))
            open(generator.bytes(atMost: 100))
        }
    }

    @Test(arguments: ["ecdsa", "rsa"])
    func `whatever stands in a PEM file, reading it ends`(type: String) throws {
        let pair = try HostKeyPair(type, ["-m", "PEM"], in: scratch)
        let good = Array(try Data(contentsOf: URL(filePath: pair.path)))
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<200 { open(generator.mutated(good, tokens: [[0x30, 0x82], [0x0a]])) }
    }

    @Test func `whatever a signature in DER is, reading it ends`() {
        var generator = SeededGenerator(seed: 6)
        let good: [UInt8] = [0x30, 6, 2, 1, 5, 2, 1, 0x7f]
        #expect(ECDSASignature.wireForm(ofDER: good) == [0, 0, 0, 1, 5, 0, 0, 0, 1, 0x7f])
        for _ in 0..<3_000 { _ = ECDSASignature.wireForm(ofDER: generator.mutated(good)) }
    }

    /// Reads a file and signs with what comes of it, or finds a flaw.
    private func open(_ bytes: [UInt8]) {
        do throws(KeyFlaw) {
            let file = try KeyFile(bytes)
            _ = file.publicKey
            _ = try file.privateKey(file.isEncrypted ? Secret([1]) : nil).signature(of: [1])
        } catch {
            #expect(error != .broken(""))
        }
    }

    private func file(at path: String) throws -> KeyFile {
        try KeyFile(Array(try Data(contentsOf: URL(filePath: path))))
    }

    private func body(of text: String) -> String {
        text.split(separator: "\n").filter { !$0.hasPrefix("-") }.joined()
    }

    private func wrapped(_ bytes: [UInt8]) -> String {
        "\(OpenSSHKeyFile.header)\n\(bytes.base64)\n-----END OPENSSH PRIVATE KEY-----\n"
    }

    private func verify(_ key: PrivateKey, _ pair: HostKeyPair) throws {
        #expect(key.publicKey == pair.key)
        let signer = SignedText(scratch: scratch)
        let signature = try #require(key.signature(of: signer.toBeSigned))
        #expect(try signer.holds(signature, by: pair.key))
        // Proves that `ssh-keygen` looks: one bit less and it doesn't hold.
        var broken = signature
        broken[broken.count - 1] ^= 1
        #expect(try !signer.holds(broken, by: pair.key))
    }
}
