import CSSH2

/// An open channel of one engine.
struct ChannelHandle: Hashable {
    let pointer: OpaquePointer
    /// Our number of it, which the far side's packets name.
    let number: UInt32
}

extension Engine {
    /// What a session channel may receive before we have read it. 1 MB fills a link of
    /// 50 ms at 12 MB/s; 250 channels that nobody reads cost us 250 MB at most.
    private static let window: UInt32 = 1 << 20
    /// The largest packet every SSH takes, RFC 4253 6.1.
    private static let packet: UInt32 = 32_768

    // MARK: Opening

    /// Brings what has arrived into libssh2, so that nobody's answer gets lost.
    ///
    /// A call that waits for its own answer drops another's that it comes across
    /// (libssh2 issue 671). After this there is nothing to come across. Any channel
    /// will do.
    func pump(_ channel: ChannelHandle) -> EngineFailure? {
        var nothing: CChar = 0
        let code = Int32(libssh2_channel_read_ex(channel.pointer, 7, &nothing, 0))
        return code < 0 && code != LIBSSH2_ERROR_EAGAIN ? failure(code) : nil
    }

    /// Opens a channel for one line. One open at a time: a second one would be taken
    /// for the first.
    func openSession(isFirstCall: Bool) -> Step<ChannelHandle> {
        opened(
            libssh2_channel_open_ex(session, "session", 7, Self.window, Self.packet, nil, 0),
            isFirstCall)
    }

    /// Opens a channel to a host that the far side reaches.
    func openTunnel(to host: String, port: Int, isFirstCall: Bool) -> Step<ChannelHandle> {
        opened(
            libssh2_channel_direct_tcpip_ex(session, host, Int32(port), "127.0.0.1", 0),
            isFirstCall)
    }

    private func opened(_ pointer: OpaquePointer?, _ isFirstCall: Bool) -> Step<ChannelHandle> {
        if isFirstCall { nextChannel += 1 }
        if let pointer { return .done(ChannelHandle(pointer: pointer, number: nextChannel - 1)) }
        let code = libssh2_session_last_errno(session)
        return code == LIBSSH2_ERROR_EAGAIN ? .again : .failed(failure(code))
    }

    // MARK: Running

    func start(_ line: [UInt8], on channel: ChannelHandle) -> Step<Void> {
        line.withUnsafeBytes { bytes in
            step(
                libssh2_channel_process_startup(
                    channel.pointer, "exec", 4,
                    bytes.baseAddress?.assumingMemoryBound(to: CChar.self), UInt32(bytes.count)))
        }
    }

    /// Asks for an answer, whatever it is; sshd refuses the variable.
    ///
    /// libssh2's keepalive either gets no answer or never takes it off its list, which
    /// costs 128 bytes and makes every read slower.
    func askForAnswer(on channel: ChannelHandle) -> Step<Void> {
        let name = "BELLWETHER_ARE_YOU_THERE"
        let code = libssh2_channel_setenv_ex(
            channel.pointer, name, UInt32(name.utf8.count), "1", 1)
        return code == LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED ? .done(()) : step(code)
    }

    /// Reads what is there of a stream: how much, 0 for nothing, negative for an error.
    func read(
        _ channel: ChannelHandle, _ stream: RemoteStream,
        into buffer: UnsafeMutableBufferPointer<CChar>
    ) -> Int {
        let number: Int32 = stream == .stdout ? 0 : SSH_EXTENDED_DATA_STDERR
        let count = libssh2_channel_read_ex(
            channel.pointer, number, buffer.baseAddress, buffer.count)
        return count == Int(LIBSSH2_ERROR_EAGAIN) ? 0 : count
    }

    /// Sends at most one packet: how much of it, 0 when the far side wants none now.
    func write(_ bytes: UnsafeRawBufferPointer, to channel: ChannelHandle) -> Int {
        let count = libssh2_channel_write_ex(
            channel.pointer, 0, bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
            bytes.count)
        return count == Int(LIBSSH2_ERROR_EAGAIN) ? 0 : count
    }

    func endInput(of channel: ChannelHandle) -> Step<Void> {
        step(libssh2_channel_send_eof(channel.pointer))
    }

    // MARK: Ending

    /// Whether everything the far side sent has been read, and it will send no more.
    func isAtEnd(_ channel: ChannelHandle) -> Bool {
        libssh2_channel_eof(channel.pointer) == 1
    }

    /// Whether the far side has closed the channel. Only asked at the end of output.
    func isClosed(_ channel: ChannelHandle) -> Step<Void> {
        step(libssh2_channel_wait_closed(channel.pointer))
    }

    /// How a line ended, once the far side has closed.
    func exit(of channel: ChannelHandle) -> RemoteExit {
        if let signal = signal(of: channel) { return .signalled(signal) }
        let hasStatus = wire.channelsWithStatus.remove(channel.number) != nil
        let status = libssh2_channel_get_exit_status(channel.pointer)
        return status != 0 || hasStatus ? .exited(status) : .unknown
    }

    private func signal(of channel: ChannelHandle) -> String? {
        var (name, length): (UnsafeMutablePointer<CChar>?, Int) = (nil, 0)
        libssh2_channel_get_exit_signal(channel.pointer, &name, &length, nil, nil, nil, nil)
        guard let name else { return nil }
        defer { libssh2_free(session, name) }
        return String(cString: name)
    }

    /// Closes our side and frees the channel, which waits for the far side to close.
    func free(_ channel: ChannelHandle) -> Step<Void> {
        step(libssh2_channel_free(channel.pointer))
    }
}
