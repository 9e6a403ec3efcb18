import CJQ
public import FleetModel
import Synchronization

/// A jq program that says yes or no of a JSON document.
///
/// It is compiled once, which takes 15 ms, and then asked in microseconds, by one caller
/// at a time. Modules are not loaded. What never ends is ended after a while.
public final class Predicate: Sendable {
    /// What a program makes of a document.
    public enum Answer: Hashable, Sendable {
        case yes
        /// The first output is `false` or `null`, or there is none.
        case no
        /// The program failed on the document, in these words.
        case failed(String)
    }

    public let text: String
    private let program: Mutex<Program>

    /// - Parameters:
    ///   - text: the program.
    ///   - variables: what it may ask for, by name: `cluster` is its `$cluster`.
    /// - Throws: ``PredicateMistake`` with jq's words when the text is no program.
    public init(_ text: String, variables: [String: JSON] = [:]) throws(PredicateMistake) {
        self.text = text
        program = Mutex(try Program(text, variables))
    }

    /// The program's first output decides; in it, as in jq, all but `false` and `null` is true.
    public func answer(on document: JSON) -> Answer {
        program.withLock { $0.answer(on: document) }
    }
}

/// Why a text is no jq program.
public struct PredicateMistake: Error, Hashable {
    public let reason: String
}
