/// Bytes in the order they came, taken from the front.
struct ByteQueue {
    private var bytes: [UInt8] = []
    private var taken = 0

    var count: Int { bytes.count - taken }
    var isEmpty: Bool { taken == bytes.count }

    mutating func append(_ more: UnsafeRawBufferPointer) {
        compact()
        bytes.append(contentsOf: more)
    }

    /// Moves at most as many bytes as fit, and says how many.
    mutating func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let amount = min(count, buffer.count)
        withFront { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<amount])) }
        drop(amount)
        return amount
    }

    func withFront<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[taken...])) }
    }

    mutating func drop(_ amount: Int) {
        precondition(amount >= 0 && amount <= count, "Only \(count) bytes are there.")
        taken += amount
        if isEmpty { removeAll() }
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: bytes.capacity <= Self.mostKept)
        taken = 0
    }

    /// Copies what is left to the front once more than half of the storage is used up,
    /// so that every byte is copied once at most.
    private mutating func compact() {
        guard taken > 65_536, taken > bytes.count / 2 else { return }
        bytes.removeFirst(taken)
        taken = 0
    }

    /// A connection that once carried much gives the memory back.
    private static let mostKept = 1 << 20
}
