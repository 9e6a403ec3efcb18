import HTTPTypes
import Hummingbird

extension Response {
    /// An answer whose bytes are all there.
    init(_ answer: APIResponse) {
        var headers: HTTPFields = [.contentType: answer.contentType]
        if let seconds = answer.retryAfter { headers[.retryAfter] = String(seconds) }
        var content: [UInt8] = []
        if case .bytes(let bytes) = answer.body { content = bytes }
        self.init(
            status: HTTPResponse.Status(code: answer.code), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: content)))
    }
}
