import CSSH2
import Glibc

/// The two queues of bytes that libssh2 has instead of a socket.
///
/// With a socket, one partial send leaves libssh2 in a state where any other channel's
/// call fails or, worse, pretends to have sent. So sending takes everything, always;
/// how much that may be is decided before libssh2 is asked to send.
///
/// Belongs to one engine and is touched only on the loop's thread.
final class Wire {
    var inbox = ByteQueue()
    var outbox = ByteQueue()
    /// Whether nothing will come any more. Known to libssh2 only once the inbox is
    /// empty, or it would forget what it hasn't handed out.
    var hasEnded = false
    /// Channels, by our number, whose exit status has arrived.
    var channelsWithStatus: Set<UInt32> = []

    /// Whether more of a command's stdin has to wait. What libssh2 has to say itself
    /// never waits.
    var isFull: Bool { outbox.count >= Self.mostQueued }
    private static let mostQueued = 256 << 10

    static func of(_ abstract: UnsafeMutablePointer<UnsafeMutableRawPointer?>?) -> Wire? {
        abstract?.pointee.map { Unmanaged<Wire>.fromOpaque($0).takeUnretainedValue() }
    }
}

/// What libssh2 calls back.
enum WireCallback {
    typealias Abstract = UnsafeMutablePointer<UnsafeMutableRawPointer?>?
    typealias Send =
        @convention(c) (Int32, UnsafeRawPointer?, Int, Int32, Abstract) -> Int
    typealias Receive =
        @convention(c) (Int32, UnsafeMutableRawPointer?, Int, Int32, Abstract) -> Int

    static let send: Send = { _, bytes, count, _, abstract in
        Wire.of(abstract)?.outbox.append(UnsafeRawBufferPointer(start: bytes, count: count))
        return count
    }

    static let receive: Receive = { _, bytes, count, _, abstract in
        guard let wire = Wire.of(abstract) else { return 0 }
        guard !wire.inbox.isEmpty else { return wire.hasEnded ? 0 : -Int(EAGAIN) }
        return wire.inbox.take(into: UnsafeMutableRawBufferPointer(start: bytes, count: count))
    }

    static let allocate: @convention(c) (Int, Abstract) -> UnsafeMutableRawPointer? = { count, _ in
        malloc(count)
    }

    static let reallocate:
        @convention(c) (UnsafeMutableRawPointer?, Int, Abstract) -> UnsafeMutableRawPointer? = {
            memory, count, _ in realloc(memory, count)
        }

    static let free: @convention(c) (UnsafeMutableRawPointer?, Abstract) -> Void = {
        memory, abstract in
        guard let memory else { return }
        if let channel = ExitStatusPacket.channel(in: memory) {
            Wire.of(abstract)?.channelsWithStatus.insert(channel)
        }
        Glibc.free(memory)
    }
}

/// Recognises the packet in which the far side tells an exit status.
///
/// libssh2 1.10 says status 0 as well when none ever came, as after sshd's
/// ChannelTimeout while the command runs on; it has nothing to tell the two apart. But
/// it gives every packet's memory back through us, unchanged, once it has read it. If
/// a later version doesn't, no status is ever seen, and no line counts as a success.
private enum ExitStatusPacket {
    private static let name = Array("exit-status".utf8)
    /// SSH_MSG_CHANNEL_REQUEST of RFC 4254, 5.4.
    private static let kind: UInt8 = 98
    /// The kind, the channel, the length of the name, the name, no reply, the status.
    private static let length = 1 + 4 + 4 + 11 + 1 + 4

    /// Our number of the channel; the packet is marked as seen, for memory is reused.
    static func channel(in memory: UnsafeMutableRawPointer) -> UInt32? {
        guard memory.load(as: UInt8.self) == kind, malloc_usable_size(memory) >= length,
            number(at: memory + 5) == UInt32(name.count),
            memcmp(memory + 9, name, name.count) == 0
        else { return nil }
        memory.storeBytes(of: 0, as: UInt8.self)
        return number(at: memory + 1)
    }

    private static func number(at place: UnsafeMutableRawPointer) -> UInt32 {
        UInt32(bigEndian: place.loadUnaligned(as: UInt32.self))
    }
}
