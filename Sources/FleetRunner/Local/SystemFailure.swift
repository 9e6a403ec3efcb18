import Foundation

/// A system call that failed, in words.
package struct SystemFailure: Error, Hashable {
    package let reason: String

    /// Takes the system's own explanation from `errno`, at once.
    init(_ what: String) {
        reason = "\(what): \(String(cString: strerror(errno)))"
    }
}
