import NIOCore
import NIOHTTP1
import NIOPosix

/// One GET through a socket of this host, on a connection of its own: those cost nothing.
struct SocketRequest: Sendable {
    let socket: String
    let path: String
    /// Bytes of a body at most.
    let limit: Int

    struct Response: Hashable, Sendable {
        let status: Int
        let body: [UInt8]
    }

    /// A body that is too long has no answer here, like any other trouble.
    private struct TooLong: Error {}
    private struct NoAnswer: Error {}

    private typealias Connection = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    func response() async throws -> Response {
        let connection = try await connect()
        return try await connection.executeThenClose { inbound, outbound in
            // In one go: the head alone is a whole request, and whoever has answered it may have
            // closed the connection before the end is written.
            try await outbound.write(contentsOf: [.head(head), .end(nil)])
            return try await response(from: inbound)
        }
    }

    private func connect() async throws -> Connection {
        try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(unixDomainSocketPath: socket) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
    }

    /// kubectl's proxy answers to a host of this name only.
    private var head: HTTPRequestHead {
        HTTPRequestHead(
            version: .http1_1, method: .GET, uri: path,
            headers: ["Host": "localhost", "Connection": "close"])
    }

    private func response(
        from parts: NIOAsyncChannelInboundStream<HTTPClientResponsePart>
    ) async throws -> Response {
        var status: Int?
        var body: [UInt8] = []
        for try await part in parts {
            switch part {
            case .head(let head): status = Int(head.status.code)
            case .body(let bytes):
                guard body.count + bytes.readableBytes <= limit else { throw TooLong() }
                body += bytes.readableBytesView
            case .end:
                guard let status else { throw NoAnswer() }
                return Response(status: status, body: body)
            }
        }
        throw NoAnswer()
    }
}
