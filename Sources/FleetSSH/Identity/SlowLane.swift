import Dispatch

/// Threads on which to wait: for an agent, a prompt, a quarter of a second of bcrypt.
///
/// Neither the loop nor the threads that Swift's tasks share may stand still for those.
struct SlowLane: Sendable {
    private let queue: DispatchQueue

    /// A lane on which work overtakes, or one that does one thing after the other.
    init(_ label: String, isSerial: Bool = false) {
        queue = DispatchQueue(label: label, attributes: isSerial ? [] : .concurrent)
    }

    /// Does the work there and comes back with what became of it.
    func run<Value: Sendable>(
        _ work: @escaping @Sendable () throws(SSHTrouble) -> Value
    ) async throws(SSHTrouble) -> Value {
        let result = await withCheckedContinuation { continuation in
            queue.async {
                continuation.resume(returning: Result { () throws(SSHTrouble) in try work() })
            }
        }
        return try result.get()
    }
}
