import CSSH2

/// How far a call into libssh2 has come.
enum Step<Value> {
    /// Nothing more to do until bytes arrive. The same call is then made again.
    case again
    case done(Value)
    case failed(EngineFailure)
}

/// What libssh2 says is wrong.
struct EngineFailure: Error, Hashable {
    let code: Int32
    let message: String
}

/// One SSH connection as libssh2 knows it: bytes in, bytes out, no socket.
@SSHLoop
final class Engine {
    let wire = Wire()
    let session: OpaquePointer
    /// libssh2 numbers channels so, from 0, one for each that is begun to be opened.
    var nextChannel: UInt32 = 0

    private static let libraryError = libssh2_init(0)
    /// Where libssh2 expects a socket; it asks this one only whether it blocks.
    private static let noSocket = Int32.max

    /// `nil` when there is no memory.
    init?() {
        let wire = Unmanaged.passUnretained(wire).toOpaque()
        guard Self.libraryError == 0,
            let session = libssh2_session_init_ex(
                WireCallback.allocate, WireCallback.free, WireCallback.reallocate, wire)
        else { return nil }
        self.session = session
        libssh2_session_set_blocking(session, 0)
        _ = libssh2_session_callback_set(
            session, LIBSSH2_CALLBACK_SEND,
            unsafeBitCast(WireCallback.send, to: UnsafeMutableRawPointer.self))
        _ = libssh2_session_callback_set(
            session, LIBSSH2_CALLBACK_RECV,
            unsafeBitCast(WireCallback.receive, to: UnsafeMutableRawPointer.self))
    }

    isolated deinit {
        // With the wire at its end, no channel waits for the far side any more.
        wire.inbox.removeAll()
        wire.hasEnded = true
        libssh2_session_free(session)
    }

    // MARK: Connecting

    func prefer(_ algorithms: AlgorithmChoice) -> EngineFailure? {
        for (method, names) in algorithms.methods {
            let list = names.joined(separator: ",")
            guard libssh2_session_method_pref(session, method, list) == 0 else {
                return failure(LIBSSH2_ERROR_METHOD_NOT_SUPPORTED)
            }
        }
        return nil
    }

    func handshake() -> Step<Void> {
        step(libssh2_session_handshake(session, Self.noSocket))
    }

    /// What the far side said first, whether it is SSH or not.
    var banner: String? {
        libssh2_session_banner_get(session).map { String(cString: $0) }
    }

    /// The wire form of the far side's key. Empty before the handshake.
    var hostKey: [UInt8] {
        var (length, type): (Int, Int32) = (0, 0)
        guard let key = libssh2_session_hostkey(session, &length, &type) else { return [] }
        return UnsafeRawBufferPointer(start: key, count: length).map { $0 }
    }

    /// What was agreed on, such as `LIBSSH2_METHOD_HOSTKEY`.
    func method(_ kind: Int32) -> String {
        libssh2_session_methods(session, kind).map { String(cString: $0) } ?? "unknown"
    }

    /// Says good-bye; the bytes are in the outbox then.
    func disconnect() {
        libssh2_session_disconnect_ex(session, SSH_DISCONNECT_BY_APPLICATION, "done", "")
    }

    // MARK: Logging in

    func logIn(_ user: String, publicBlob: [UInt8], signing: Signing) -> Step<Void> {
        var abstract: UnsafeMutableRawPointer? = Unmanaged.passUnretained(signing).toOpaque()
        return step(
            libssh2_userauth_publickey(
                session, user, publicBlob, publicBlob.count, Signing.callback, &abstract))
    }

    func logIn(_ user: String, privateKey: [UInt8]) -> Step<Void> {
        step(
            privateKey.withUnsafeBytes { key in
                libssh2_userauth_publickey_frommemory(
                    session, user, user.utf8.count, nil, 0,
                    key.baseAddress?.assumingMemoryBound(to: CChar.self), key.count, nil)
            })
    }

    /// How the host lets the user in, as it says itself: `publickey`, `password`.
    func waysIn(for user: String) -> Step<[String]> {
        if let list = libssh2_userauth_list(session, user, UInt32(user.utf8.count)) {
            return .done(String(cString: list).split(separator: ",").map(String.init))
        }
        let code = libssh2_session_last_errno(session)
        return code == LIBSSH2_ERROR_EAGAIN ? .again : .failed(failure(code))
    }

    // MARK: Results

    func step(_ code: Int32) -> Step<Void> {
        switch code {
        case LIBSSH2_ERROR_EAGAIN: .again
        case 0: .done(())
        default: .failed(failure(code))
        }
    }

    func failure(_ code: Int32) -> EngineFailure {
        var message: UnsafeMutablePointer<CChar>?
        let last = libssh2_session_last_error(session, &message, nil, 0)
        // The words are of the last call that failed; they may be of another one.
        let words = last == code ? message.map { String(cString: $0) } : nil
        return EngineFailure(code: code, message: words ?? "libssh2 error \(code)")
    }
}

/// A signature that is asked for in one call, and given in a later one.
final class Signing {
    private(set) var wanted: [UInt8]?
    var signature: [UInt8]?

    static let callback:
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?,
            UnsafeMutablePointer<Int>?, UnsafePointer<UInt8>?, Int,
            UnsafeMutablePointer<UnsafeMutableRawPointer?>?
        ) -> Int32 = { _, place, length, bytes, count, abstract in
            guard let object = abstract?.pointee else { return -1 }
            let signing = Unmanaged<Signing>.fromOpaque(object).takeUnretainedValue()
            guard let signature = signing.signature else {
                signing.wanted = Array(UnsafeBufferPointer(start: bytes, count: count))
                return LIBSSH2_ERROR_EAGAIN
            }
            // libssh2 gives it back through our own callback, which calls free.
            guard let copy = malloc(max(1, signature.count)) else { return -1 }
            signature.withUnsafeBytes { bytes in
                UnsafeMutableRawBufferPointer(start: copy, count: bytes.count)
                    .copyMemory(from: bytes)
            }
            place?.pointee = copy.assumingMemoryBound(to: UInt8.self)
            length?.pointee = signature.count
            return 0
        }
}
