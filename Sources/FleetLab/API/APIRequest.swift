import FleetModel

/// A request to one cluster's API server, free of any HTTP library.
struct APIRequest: Sendable {
    var method: String
    /// The path below the cluster's prefix, still encoded.
    var path: String
    var query: APIQuery
    var accept: String
    var contentType: String
    var userAgent: String
    var body: [UInt8]

    init(
        method: String, target: String, accept: String = "", contentType: String = "",
        userAgent: String = "", body: [UInt8] = []
    ) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.method = method
        path = String(parts.first ?? "")
        query = APIQuery(parts.count == 2 ? parts[1] : "")
        self.accept = accept
        self.contentType = contentType
        self.userAgent = userAgent
        self.body = body
    }

    /// The parts of the path, decoded.
    var segments: [String] { path.split(separator: "/").map { $0.percentDecoded() } }

    /// The media type of the body, without its parameters.
    var mediaType: String {
        String(contentType.split(separator: ";").first ?? "").trimmed.lowercased()
    }

    /// Who writes: the query's word, or the program's name, as managed fields record it.
    var fieldManager: String {
        if let manager = query["fieldManager"], !manager.isEmpty { return manager }
        let program = userAgent.split(separator: "/").first.map(String.init) ?? ""
        return program.isEmpty ? "unknown" : program
    }

    /// The body as a document.
    ///
    /// - Throws: 400 with the words of the real decoder, or 415 for a binary one of an
    ///   unknown kind.
    func document() throws(StatusError) -> JSON {
        if mediaType == ProtobufDocument.mediaType {
            guard let document = ProtobufDocument.parse(body) else {
                throw .unsupportedMediaType(accepted: ["application/json"])
            }
            return document
        }
        do {
            return try JSONParser.parse(body)
        } catch {
            throw .badRequest(
                "the object provided is unrecognized (must be of type Status or a known type):"
                    + " couldn't get version/kind; json parse error: \(error.message)")
        }
    }

    /// Whether nothing may be stored.
    func isDryRun() throws(StatusError) -> Bool {
        guard let value = query["dryRun"], !value.isEmpty else { return false }
        guard value == "All" else {
            throw StatusError(
                code: 422, reason: "Invalid",
                message: "Invalid value: [\(value.jsonQuoted)]: dryRun: Unsupported value:"
                    + " \(value.jsonQuoted): supported values: \"All\"")
        }
        return true
    }
}
