import CSSH2
import FleetModel
import Glibc

/// Makes TCP connections without ever holding up the loop.
enum Socket {
    /// Connects to the first address of the host that lets us.
    @SSHLoop
    static func connect(
        to hop: SSHHop, limits: SessionLimits
    ) async throws(SSHTrouble) -> SocketCarrier {
        let addresses = try await withTaskExecutorPreference(WorkerThreads.shared) {
            () async throws(SSHTrouble) -> [Address] in try await resolve(hop)
        }
        var error: Int32 = 0
        for (index, address) in addresses.enumerated() {
            let begun = ContinuousClock.now
            // A host may have an address that swallows every packet, and then another.
            let patience = hop.connectTimeout / (addresses.count - index + 1)
            switch await connect(to: address, patience: patience) {
            case .success(let descriptor):
                return SocketCarrier(
                    descriptor, to: hop, roundTrip: .now - begun, limits: limits)
            case .failure(let failure): error = failure.rawValue
            }
        }
        throw SSHTrouble(
            .unreachable, "\(hop) can't be reached: \(String(cString: strerror(error)))")
    }

    static func set(_ descriptor: Int32, _ level: Int, _ option: Int32, _ value: Int32) {
        var value = value
        // A kernel without the option loses speed or patience, not correctness.
        setsockopt(descriptor, Int32(level), option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}

extension Socket {
    private struct Address: Sendable {
        let family: Int32
        let bytes: [UInt8]

        init(_ info: addrinfo) {
            family = info.ai_family
            bytes =
                info.ai_addr.map {
                    [UInt8](UnsafeRawBufferPointer(start: $0, count: Int(info.ai_addrlen)))
                } ?? []
        }
    }

    private struct Errno: Error {
        let rawValue: Int32
    }

    // MARK: Names

    /// Blocks until the name is resolved.
    @concurrent
    private static func resolve(_ hop: SSHHop) async throws(SSHTrouble) -> [Address] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var first: UnsafeMutablePointer<addrinfo>?
        var error = getaddrinfo(hop.host, String(hop.port), &hints, &first)
        if error != 0 {
            // Loopback is no configured address; on a host without another, it counts.
            hints.ai_flags = 0
            error = getaddrinfo(hop.host, String(hop.port), &hints, &first)
        }
        guard error == 0 else {
            let why = String(cString: gai_strerror(error))
            throw SSHTrouble(.unreachable, "the name \(hop.host.quoted) isn't found: \(why)")
        }
        defer { freeaddrinfo(first) }
        return sequence(first: first, next: { $0?.pointee.ai_next }).compactMap { info in
            info.map { Address($0.pointee) }
        }
    }

    // MARK: Connecting

    @SSHLoop
    private static func connect(
        to address: Address, patience: Duration
    ) async -> Result<Int32, Errno> {
        let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        let descriptor = socket(address.family, Int32(kind), 0)
        guard descriptor >= 0 else { return .failure(Errno(rawValue: errno)) }
        let result = address.bytes.withUnsafeBytes {
            guard let base = $0.baseAddress else { return Int32(-1) }
            return Glibc.connect(
                descriptor, base.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
        }
        var error = result == 0 ? 0 : errno
        if error == EINPROGRESS { error = await writability(of: descriptor, patience: patience) }
        guard error != 0 else { return .success(descriptor) }
        close(descriptor)
        return .failure(Errno(rawValue: error))
    }

    /// Waits until a connect is over: 0, or what it failed with.
    @SSHLoop
    private static func writability(of descriptor: Int32, patience: Duration) async -> Int32 {
        await withCheckedContinuation { waiter in
            let attempt = Attempt(waiter)
            attempt.token = Poller.shared.watch(descriptor) { _ in
                attempt.finish(pendingError(of: descriptor))
            }
            guard let token = attempt.token else { return attempt.finish(errno) }
            Poller.shared.watch(token, forWriting: true)
            attempt.alarm = Poller.shared.after(patience) { attempt.finish(ETIMEDOUT) }
        }
    }

    private static func pendingError(of descriptor: Int32) -> Int32 {
        var (error, length) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) == 0 else {
            return errno
        }
        return error
    }

    /// One attempt to connect, which ends once.
    @SSHLoop
    private final class Attempt {
        var token: Poller.Token?
        var alarm: Poller.Token?
        private var waiter: CheckedContinuation<Int32, Never>?

        init(_ waiter: CheckedContinuation<Int32, Never>) { self.waiter = waiter }

        func finish(_ error: Int32) {
            if let token { Poller.shared.forget(token) }
            Poller.shared.cancel(alarm)
            (token, alarm) = (nil, nil)
            waiter?.resume(returning: error)
            waiter = nil
        }
    }
}
