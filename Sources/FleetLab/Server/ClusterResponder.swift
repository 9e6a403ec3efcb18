import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Answers the requests to one cluster, over whatever way a fault has left to it.
struct ClusterResponder: Sendable {
    let store: ClusterStore
    let log: RequestLog

    func respond(
        to request: Request, target: String, context: LabRequestContext
    ) async throws -> Response {
        var losesAnswer = false
        switch store.transportFault {
        case .unreachable: try await cut(request, target, context)
        case .flaky(let share):
            let passage = store.passage(every: share)
            if passage == .requestLost { try await cut(request, target, context) }
            losesAnswer = passage == .answerLost
        case .hung: try await waitWhileHung(request)
        case .slow(let delay): try await ContinuousClock().sleep(for: delay)
        case nil: break
        }
        var request = request
        let body: [UInt8]
        do {
            let buffer = try await request.collectBody(upTo: APIServer.bodyLimit)
            body = Array(buffer.readableBytesView)
        } catch {
            let refusal = APIResponse(.tooLarge(limit: APIServer.bodyLimit))
            return answer(to: request, target, [], refusal)
        }
        let answer = APIServer(store: store).respond(to: APIRequest(request, target, body))
        let response = self.answer(to: request, target, body, answer)
        if losesAnswer { try await hangUp(context) }
        return response
    }

    private func cut(
        _ request: Request, _ target: String, _ context: LabRequestContext
    ) async throws {
        record(request, target, [], nil)
        try await hangUp(context)
    }

    private func hangUp(_ context: LabRequestContext) async throws {
        await context.hangUp()
        throw CancellationError()
    }

    /// A hung server answers once it goes on, if anybody still waits.
    private func waitWhileHung(_ request: Request) async throws {
        try await request.body.consumeWithCancellationOnInboundClose { _ in
            await store.waitWhileHung()
        }
    }

    private func answer(
        to request: Request, _ target: String, _ body: [UInt8], _ answer: APIResponse
    ) -> Response {
        record(request, target, body, answer)
        guard case .watch(let plan) = answer.body else { return Response(answer) }
        let stream = WatchStream(plan: plan, store: store)
        return Response(
            status: .ok, headers: [.contentType: answer.contentType],
            body: ResponseBody { writer in
                // A client that goes away has to be noticed: nothing may ever be written again.
                try await request.body.consumeWithCancellationOnInboundClose { _ in
                    try await stream.run { try await writer.write(ByteBuffer(bytes: $0)) }
                }
                try await writer.finish(nil)
            })
    }

    private func record(
        _ request: Request, _ target: String, _ body: [UInt8], _ answer: APIResponse?
    ) {
        log.append(
            RequestRecord(
                sequence: 0, time: Int64(Date().timeIntervalSince1970 * 1000),
                cluster: store.cluster, method: request.method.rawValue, target: target,
                userAgent: request.headers[.userAgent] ?? "", status: answer?.code ?? 0,
                hasMutated: answer?.effect?.hasMutated ?? false, object: answer?.effect?.key,
                bodyDigest: RequestRecord.digest(of: body)))
    }
}

extension APIRequest {
    init(_ request: Request, _ target: String, _ body: [UInt8]) {
        self.init(
            method: request.method.rawValue, target: target,
            accept: request.headers[.accept] ?? "",
            contentType: request.headers[.contentType] ?? "",
            userAgent: request.headers[.userAgent] ?? "", body: body)
    }
}
