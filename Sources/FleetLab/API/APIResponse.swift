import FleetModel

/// What an API server answers.
struct APIResponse: Sendable {
    enum Body: Sendable {
        case bytes([UInt8])
        case watch(WatchPlan)
    }

    /// What a request did to which object, for the request log.
    struct Effect: Sendable {
        var key: ObjectKey
        var hasMutated: Bool
    }

    var code: Int
    var contentType: String
    var body: Body
    var effect: Effect?
    /// Seconds after which a refused client should ask again.
    var retryAfter: Int?

    init(code: Int = 200, contentType: String = "application/json", bytes: [UInt8]) {
        self.code = code
        self.contentType = contentType
        body = .bytes(bytes)
    }

    init(code: Int = 200, _ document: JSON, effect: Effect? = nil) {
        self.init(code: code, bytes: JSONWriter.write(document) + [0x0A])
        self.effect = effect
    }

    init(text: String, code: Int = 200) {
        self.init(code: code, contentType: "text/plain; charset=utf-8", bytes: Array(text.utf8))
    }

    init(_ error: StatusError) {
        self.init(code: error.code, error.status)
        retryAfter = error.details["retryAfterSeconds"]?.int
    }

    init(_ plan: WatchPlan) {
        code = 200
        contentType = "application/json"
        body = .watch(plan)
    }
}
