/// The shape a client wants objects in, by its Accept header.
enum ResponseFormat: Hashable, Sendable {
    case object
    case table(APIVersion)
    case metadata(APIVersion)

    /// The version of meta.k8s.io that a table or metadata is asked in.
    enum APIVersion: String, Hashable, Sendable {
        case v1, v1beta1
    }

    /// The first offer of the header that this server can make.
    ///
    /// - Throws: 406 when there is none.
    init(accept: String) throws(StatusError) {
        let offers = accept.split(separator: ",").map(MediaType.init)
        if offers.isEmpty {
            self = .object
            return
        }
        for offer in offers {
            guard let format = Self(offer) else { continue }
            self = format
            return
        }
        throw StatusError(
            code: 406, reason: "NotAcceptable",
            message: "only the following media types are accepted: application/json,"
                + " application/json;stream=watch")
    }

    private init?(_ offer: MediaType) {
        guard ["application/json", "application/*", "*/*"].contains(offer.name) else { return nil }
        let version = offer["v"].flatMap(APIVersion.init) ?? .v1
        switch offer["as"] {
        case nil: self = .object
        case "Table": self = .table(version)
        case "PartialObjectMetadata", "PartialObjectMetadataList": self = .metadata(version)
        default: return nil
        }
    }
}
