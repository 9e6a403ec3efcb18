import FleetModel

extension ResourceCall {
    /// The body as an object of this kind in this place.
    ///
    /// - Throws: 415 or 400 when it is something else.
    func body() throws(StatusError) -> JSON {
        let accepted = [
            "application/json", "application/apply-patch+yaml", ProtobufDocument.mediaType, "",
        ]
        guard accepted.contains(request.mediaType) else {
            throw .unsupportedMediaType(accepted: ["application/json"])
        }
        var object = try request.document()
        guard object.object != nil else {
            throw .badRequest("the object provided is unrecognized: a JSON object is needed")
        }
        try checkKind(of: object)
        if object.metadata["namespace"] == nil, type.isNamespaced {
            object.metadata["namespace"] = .string(path.namespace)
        }
        if object.metadata["name"] == nil, let name = path.name {
            object.metadata["name"] = .string(name)
        }
        guard object.namespace == path.namespace || !type.isNamespaced else {
            throw .badRequest(
                "the namespace of the provided object does not match the namespace sent on the"
                    + " request")
        }
        return object
    }

    private func checkKind(of object: JSON) throws(StatusError) {
        let expected = type.apiVersion(of: path.version)
        if let version = object["apiVersion"]?.string, version != expected {
            throw .badRequest(
                "the API version in the data (\(version)) does not match the expected API version"
                    + " (\(expected))")
        }
        if let kind = object["kind"]?.string, kind != type.kind {
            throw .badRequest(
                "\(kind) in version \(path.version.jsonQuoted) cannot be handled as a"
                    + " \(type.kind)")
        }
    }

    func patchDocument() throws(StatusError) -> JSON {
        do {
            return try JSONParser.parse(request.body)
        } catch {
            throw .badRequest("error decoding patch: \(error.message)")
        }
    }
}
