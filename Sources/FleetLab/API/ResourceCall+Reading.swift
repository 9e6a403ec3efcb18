import FleetModel

extension ResourceCall {
    func get() throws(StatusError) -> APIResponse {
        if path.subresource == "status", !type.hasStatus { throw .unknownResource }
        return APIResponse(try presenter().document(stored()))
    }

    func list() throws(StatusError) -> APIResponse {
        let presenter = try presenter()
        let filter = try filter()
        let page = try page(filter)
        return APIResponse(presenter.list(page.objects, page.metadata))
    }

    /// What of a list is shown at once, and what the list says about itself.
    private func page(
        _ filter: ObjectFilter
    ) throws(StatusError) -> (objects: [JSON], metadata: JSON) {
        let snapshot = store.snapshot(type.id, namespace: namespace)
        var objects = snapshot.objects.filter(filter.matches)
        var version = snapshot.version
        if let text = request.query["continue"], !text.isEmpty {
            let token = try ContinueToken(text: text)
            objects = objects.filter(token.isBefore)
            version = token.version
        }
        var metadata: JSON = ["resourceVersion": .string(String(version))]
        guard let limit = request.query.number("limit"), limit > 0, objects.count > limit else {
            return (objects, metadata)
        }
        let page = Array(objects.prefix(limit))
        metadata["continue"] = page.last.map {
            .string(ContinueToken(version: version, after: $0).text)
        }
        // With a selector the real server can't know how many are left.
        if filter.isEmpty { metadata["remainingItemCount"] = .int(Int64(objects.count - limit)) }
        return (page, metadata)
    }

    func filter() throws(StatusError) -> ObjectFilter {
        try ObjectFilter(query: request.query, name: path.name, for: type)
    }

    /// Nil stands for all namespaces.
    var namespace: String? { path.namespace.isEmpty ? nil : path.namespace }

    func watch() throws(StatusError) -> APIResponse {
        guard !request.query.isSet("sendInitialEvents") else {
            throw StatusError(
                code: 422, reason: "Invalid",
                message: "ListOptions.meta.k8s.io \"\" is invalid: sendInitialEvents: Forbidden:"
                    + " sendInitialEvents is forbidden for watch unless the WatchList feature gate"
                    + " is enabled")
        }
        return APIResponse(
            WatchPlan(
                type: type, version: path.version, namespace: namespace, filter: try filter(),
                format: try ResponseFormat(accept: request.accept),
                includeObject: request.query["includeObject"] ?? "Metadata",
                start: try watchStart(),
                wantsBookmarks: request.query.isSet("allowWatchBookmarks"),
                timeoutSeconds: watchTimeout))
    }

    private func watchStart() throws(StatusError) -> WatchPlan.Start {
        let text = request.query["resourceVersion"] ?? ""
        guard !text.isEmpty, text != "0" else {
            // Taken now: what changes from here on is told, however late the first byte goes out.
            let snapshot = store.snapshot(type.id, namespace: namespace)
            return .snapshot(snapshot.objects, snapshot.version)
        }
        guard let version = Int(text), version > 0 else {
            throw .badRequest("Invalid value: \(text.jsonQuoted): invalid resource version")
        }
        return .after(version)
    }

    /// As long as the client asked, at most an hour; half of one when it didn't say.
    private var watchTimeout: Int {
        let asked = request.query.number("timeoutSeconds") ?? 0
        return asked > 0 ? min(asked, 3600) : 1800
    }
}
