import Foundation
import Synchronization

/// Asks whoever sits at the terminal, without showing what is typed.
///
/// Only until the work begins. Whoever leads a fleet looks at a live view, or at
/// nothing at all: nobody would see a prompt, and a run would stand still for it.
public final class TerminalPassphrases: PassphraseSource {
    private let path: String
    private let hasStopped = Mutex(false)
    /// As often as `ssh` asks.
    private static let attempts = 3
    private static let longest = 1_024

    /// Asks at the process's own terminal, wherever its streams lead.
    public convenience init() { self.init(terminal: "/dev/tty") }

    init(terminal path: String) { self.path = path }

    /// A key that is still locked stays so.
    public func stopAsking() { hasStopped.withLock { $0 = true } }

    public func passphrase(for file: String, attempt: Int) -> Secret? {
        guard attempt <= Self.attempts, !hasStopped.withLock({ $0 }) else { return nil }
        let descriptor = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let again = attempt > 1 ? "That was not it. " : ""
        return ask("\(again)Passphrase for \(file): ", at: descriptor)
    }

    private func ask(_ prompt: String, at terminal: Int32) -> Secret? {
        var usual = termios()
        guard tcgetattr(terminal, &usual) == 0 else { return nil }
        var quiet = usual
        // Control characters come to us: a signal would leave the terminal mute.
        quiet.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | ISIG)
        guard tcsetattr(terminal, TCSAFLUSH, &quiet) == 0 else { return nil }
        defer { _ = tcsetattr(terminal, TCSAFLUSH, &usual) }
        say(prompt, at: terminal)
        defer { say("\n", at: terminal) }
        return line(from: terminal)
    }

    /// What is typed up to Return; `nil` for Control-C, Control-D or nothing at all.
    private func line(from terminal: Int32) -> Secret? {
        var typed: [UInt8] = []
        typed.reserveCapacity(Self.longest)
        while typed.count < Self.longest {
            var byte: UInt8 = 0
            let count = read(terminal, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { return nil }
            switch byte {
            case Key.newLine, Key.carriageReturn: return typed.isEmpty ? nil : Secret(typed)
            case Key.controlC, Key.controlD: return nil
            case Key.controlU: typed.removeAll(keepingCapacity: true)
            case Key.backspace, Key.delete: typed.removeLastCharacter()
            default: typed.append(byte)
            }
        }
        return nil
    }

    private func say(_ text: String, at terminal: Int32) {
        let bytes = Array(text.utf8)
        // A terminal that takes no prompt gives no passphrase either.
        _ = write(terminal, bytes, bytes.count)
    }

    private enum Key {
        static let (controlC, controlD, controlU): (UInt8, UInt8, UInt8) = (3, 4, 21)
        static let (backspace, delete): (UInt8, UInt8) = (8, 127)
        static let (newLine, carriageReturn): (UInt8, UInt8) = (10, 13)
    }
}

extension [UInt8] {
    /// Takes back one character, which in UTF-8 may be several bytes.
    fileprivate mutating func removeLastCharacter() {
        while let byte = popLast(), byte & 0xc0 == 0x80 {}
    }
}
