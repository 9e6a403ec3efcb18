/// Where bytes are on their way. One of each will do, for the loop has one thread.
@SSHLoop
enum Scratch {
    /// From libssh2 to whoever wants them: two of the largest packets.
    static let buffer = UnsafeMutableBufferPointer<CChar>.allocate(capacity: 65_536)
    static var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(buffer) }

    /// From a socket to libssh2. Few and large reads, but no more than one before others
    /// have their turn.
    static let arrivals = UnsafeMutableRawBufferPointer.allocate(
        byteCount: 256 << 10, alignment: 16)
}
