import Foundation
import Synchronization
import Testing

@testable import FleetSSH

struct PassphraseTests {
    @Test func `each line of a descriptor is a passphrase to try`() throws {
        let scratch = try ScratchDirectory()
        let path = try scratch.write("first\nsecond one\r\n", to: "lines")
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        let source = DescriptorPassphrases(descriptor: descriptor)
        let read = (1...3).map { attempt in
            source.passphrase(for: "key", attempt: attempt)?
                .withBytes { String(decoding: $0, as: UTF8.self) }
        }
        #expect(read == ["first", "second one", nil])
    }

    @Test(arguments: [
        ("sésame\n", "sésame"), ("sesamé\u{7f}e\r", "sesame"), ("wrong\u{15}right\n", "right"),
        ("sesame\u{3}", nil), ("\u{4}", nil), ("\n", nil), ("\u{7f}\u{7f}x\n", "x"),
    ])
    func `a terminal's owner is asked without echo`(typed: String, passphrase: String?) throws {
        let terminal = try PseudoTerminal()
        let source = TerminalPassphrases(terminal: terminal.path)
        let answer = Mutex<String?>(nil)
        let thread = Thread {
            let secret = source.passphrase(for: "/k", attempt: 2)
            let text = secret?.withBytes { String(decoding: $0, as: UTF8.self) }
            answer.withLock { $0 = text ?? "nothing" }
        }
        thread.start()
        let prompt = "That was not it. Passphrase for /k: "
        #expect(terminal.read(count: prompt.utf8.count) == prompt)
        terminal.type(typed)
        #expect(terminal.read(count: 2) == "\r\n")
        while answer.withLock({ $0 == nil }) { usleep(1_000) }
        #expect(answer.withLock { $0 } == passphrase ?? "nothing")
        #expect(terminal.echoes)
    }

    @Test func `without a terminal nobody is asked`() {
        #expect(TerminalPassphrases(terminal: "/dev/null").passphrase(for: "k", attempt: 1) == nil)
        #expect(TerminalPassphrases(terminal: "/nowhere").passphrase(for: "k", attempt: 1) == nil)
    }

    @Test func `nobody is asked once the work has begun`() throws {
        let terminal = try PseudoTerminal()
        let source = TerminalPassphrases(terminal: terminal.path)
        source.stopAsking()
        // It would wait for the keyboard else.
        #expect(source.passphrase(for: "k", attempt: 1) == nil)
    }

    @Test func `a descriptor is no one else's, and gives as long as it has`() throws {
        let scratch = try ScratchDirectory()
        let descriptor = open(try scratch.write("one\ntwo", to: "lines"), O_RDONLY)
        defer { close(descriptor) }
        let source = DescriptorPassphrases(descriptor: descriptor)
        #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
        source.stopAsking()
        #expect(source.passphrase(for: "k", attempt: 2) != nil)
        #expect("\(source.passphrase(for: "k", attempt: 2) as Any)".contains("two") == false)
    }

    @Test func `a terminal's owner is asked three times`() {
        #expect(TerminalPassphrases().passphrase(for: "k", attempt: 4) == nil)
    }
}

/// A terminal with the test at its keyboard.
private final class PseudoTerminal: Sendable {
    let path: String
    private let keyboard: Int32
    private let screen: Int32

    init() throws {
        var (master, slave): (Int32, Int32) = (0, 0)
        var name = [CChar](repeating: 0, count: 128)
        guard openpty(&master, &slave, &name, nil, nil) == 0 else {
            throw SSHTrouble(.unusable, "no pseudo terminal")
        }
        (keyboard, screen) = (master, slave)
        path = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    }

    deinit {
        close(keyboard)
        close(screen)
    }

    var echoes: Bool {
        var settings = termios()
        tcgetattr(screen, &settings)
        return settings.c_lflag & tcflag_t(ECHO) != 0
    }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(keyboard, bytes, bytes.count)
    }

    func read(count: Int) -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count < count, Glibc.read(keyboard, &byte, 1) == 1 { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
