import Foundation

/// A system call that failed, in words.
struct SystemFailure: Error, Hashable {
    let reason: String

    /// Takes the system's own explanation from `errno`, at once.
    init(_ what: String) {
        reason = "\(what): \(String(cString: strerror(errno)))"
    }
}
