import FleetModel

extension ResourceCall {
    func respond(_ name: String) throws(StatusError) -> APIResponse {
        guard let subresource = ResourceType.Subresource(rawValue: name),
            type.subresources.contains(subresource)
        else { throw .unknownResource }
        switch subresource {
        case .scale: return try ScaleSubresource(call: self).respond()
        case .eviction: return try EvictionSubresource(call: self).respond()
        case .binding: return try bind()
        case .log: return try log()
        case .finalize: return try finalize()
        case .exec, .attach, .portforward, .ephemeralcontainers, .status:
            throw .methodNotAllowed
        }
    }

    /// Puts a pod on a node, as a scheduler does.
    private func bind() throws(StatusError) -> APIResponse {
        guard request.method == "POST" else { throw .methodNotAllowed }
        let node = try request.document()["target"]?["name"] ?? ""
        try store.update(key, dryRun: isDryRun) { $0[path: ["spec", "nodeName"]] = node }
        return done(code: 201)
    }

    /// Replaces a namespace's own finalizers.
    private func finalize() throws(StatusError) -> APIResponse {
        guard request.method == "PUT" else { throw .methodNotAllowed }
        let finalizers = try body()["spec"]?["finalizers"] ?? []
        let written = try store.update(key, dryRun: isDryRun) {
            $0[path: ["spec", "finalizers"]] = finalizers
        }
        return try shown(written, hasMutated: true)
    }

    /// A word of every container asked for: nothing runs in the lab that could say more.
    private func log() throws(StatusError) -> APIResponse {
        guard request.method == "GET" else { throw .methodNotAllowed }
        let pod = try stored()
        let containers = (pod["spec"]?["containers"]?.array ?? []).compactMap { $0["name"]?.string }
        let asked = request.query["container"] ?? (containers.count == 1 ? containers[0] : "")
        guard !asked.isEmpty else {
            throw .badRequest(
                "a container name must be specified for pod \(key.name), choose one of:"
                    + " [\(containers.joined(separator: " "))]")
        }
        guard containers.contains(asked) else {
            throw .badRequest("container \(asked) is not valid for pod \(key.name)")
        }
        let since = pod["status"]?["startTime"]?.string ?? pod.metadata["creationTimestamp"]?.string
        return APIResponse(text: "\(since ?? "") \(asked) started\n")
    }

    func done(code: Int) -> APIResponse {
        APIResponse(
            code: code,
            [
                "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success",
                "code": .int(Int64(code)),
            ],
            effect: APIResponse.Effect(key: key, hasMutated: !isDryRun))
    }
}
