/// An error written for the operator who has to act on it.
///
/// It says what is wrong, where, and what to do about it, in that order.
public protocol OperatorError: Error, CustomStringConvertible {
    /// What is wrong, as one clause that names the thing in quotes.
    var problem: String { get }
    /// Where to look: a place in a file, a host, a step.
    var place: String? { get }
    /// What to do next, as an instruction.
    var hint: String? { get }
    /// What the process exits with when this error ends it.
    var exitCode: ExitCode { get }
}

extension OperatorError {
    public var place: String? { nil }
    public var hint: String? { nil }
    public var exitCode: ExitCode { .badInput }

    /// The error as the command line prints it.
    public var description: String {
        var lines = ["error: \(problem)"]
        if let place { lines.append("  at \(place)") }
        if let hint { lines.append("hint: \(hint)") }
        return lines.joined(separator: "\n")
    }
}

/// What `bellwether` exits with, so that scripts can tell the endings apart.
public enum ExitCode: Int32, Sendable {
    case completed = 0
    case completedWithExceptions = 3
    /// Halted, or waiting for somebody to approve.
    case haltedOrWaiting = 4
    case aborted = 5
    case inDoubt = 6
    case usage = 64
    case badInput = 65
    /// A needed tool or host is unavailable.
    case unavailable = 69
    case bug = 70
    /// Another coordinator holds the run.
    case heldElsewhere = 75
}

/// A place in a file a person can jump to.
public struct SourceLocation: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let file: String
    /// Counting from one.
    public let line: Int
    /// Counting from one.
    public let column: Int

    public init(file: String, line: Int, column: Int) {
        (self.file, self.line, self.column) = (file, line, column)
    }

    public var description: String { "\(file):\(line):\(column)" }

    public static func < (lhs: SourceLocation, rhs: SourceLocation) -> Bool {
        (lhs.file, lhs.line, lhs.column) < (rhs.file, rhs.line, rhs.column)
    }
}

extension String {
    /// The string between double quotes, for naming a thing in a sentence.
    public var quoted: String { "\"\(self)\"" }
}
