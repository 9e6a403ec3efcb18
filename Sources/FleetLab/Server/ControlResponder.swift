import FleetModel
import HTTPTypes
import Hummingbird
import NIOCore

/// The lab's own endpoint, below `/lab/v1`.
struct ControlResponder: Sendable {
    let control: any LabControl
    let log: RequestLog
    let shutDown: @Sendable () -> Void

    func respond(to request: Request, target: String) async throws -> Response {
        let buffer = try await request.body.collect(upTo: APIServer.bodyLimit)
        let asked = APIRequest(request, target, Array(buffer.readableBytesView))
        do {
            return try await answer(asked)
        } catch let error as StatusError {
            return Response(APIResponse(error))
        }
    }

    private func answer(_ request: APIRequest) async throws -> Response {
        let segments = request.segments
        switch (request.method, segments.first, segments.count) {
        case ("GET", "status", 1): return Response(APIResponse(await control.status()))
        case ("GET", "requests", 1): return Response(requests(request))
        case ("POST", "shutdown", 1): return farewell
        case ("POST", "clusters", 3) where segments[2] == "faults":
            let broken = try await control.breakCluster(segments[1], request.document())
            return Response(APIResponse(broken))
        case ("DELETE", "clusters", 3) where segments[2] == "faults":
            let broken = try await control.mendCluster(segments[1], request.query["name"])
            return Response(APIResponse(broken))
        default: return Response(APIServer.noPage)
        }
    }

    private func requests(_ request: APIRequest) -> APIResponse {
        let records = log.records(after: request.query.number("after") ?? 0)
        let lines = records.map { $0.line + "\n" }.joined()
        return APIResponse(contentType: "application/x-ndjson", bytes: Array(lines.utf8))
    }

    /// The answer goes out whole before the server goes down.
    private var farewell: Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody { writer in
                try await writer.write(ByteBuffer(string: "{\"status\":\"shutting down\"}\n"))
                try await writer.finish(nil)
                shutDown()
            })
    }
}
