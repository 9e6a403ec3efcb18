import FleetModel

extension ResourceCall {
    func delete() throws(StatusError) -> APIResponse {
        let options = try deleteOptions()
        let before = try stored()
        let deletion = try store.deletion(
            of: key, options.options, dryRun: isDryRun || options.isDryRun)
        let isDry = isDryRun || options.isDryRun
        let hasMutated = !isDry && deletion.object.resourceVersion != before.resourceVersion
        guard deletion.isGone else { return try shown(deletion.object, hasMutated: hasMutated) }
        return APIResponse(
            success(deletion.object), effect: APIResponse.Effect(key: key, hasMutated: hasMutated))
    }

    func deleteCollection() throws(StatusError) -> APIResponse {
        let options = try deleteOptions()
        let filter = try filter()
        let snapshot = store.snapshot(type.id, namespace: namespace)
        let chosen = snapshot.objects.filter(filter.matches)
        for object in chosen {
            let key = ObjectKey(type.id, namespace: object.namespace, name: object.name)
            // It may have gone with another one of the collection; that is what was wanted.
            _ = try? store.deletion(
                of: key, options.options, dryRun: isDryRun || options.isDryRun)
        }
        let metadata: JSON = ["resourceVersion": .string(String(store.resourceVersion))]
        return APIResponse(
            try presenter().list(chosen, metadata),
            effect: APIResponse.Effect(
                key: key, hasMutated: !chosen.isEmpty && !isDryRun && !options.isDryRun))
    }

    private func success(_ object: JSON) -> JSON {
        var details = StatusError.details(type.id, object.name)
        details["uid"] = .string(object.uid)
        return [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success",
            "details": details,
        ]
    }

    /// What the body says, or else the query.
    private func deleteOptions() throws(StatusError) -> (options: DeleteOptions, isDryRun: Bool) {
        let body = request.body.isEmpty ? [:] : try request.document()
        let policy = body["propagationPolicy"]?.string ?? request.query["propagationPolicy"]
        let isOrphaning = body["orphanDependents"]?.bool == true
        let propagation = policy.map(DeleteOptions.Propagation.init(rawValue:))
        guard propagation != .some(nil) else {
            throw StatusError(
                code: 422, reason: "Invalid",
                message: "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy:"
                    + " Unsupported value: \((policy ?? "").jsonQuoted): supported values:"
                    + " \"Foreground\", \"Background\", \"Orphan\", \"nil\"")
        }
        let options = DeleteOptions(
            gracePeriodSeconds: body["gracePeriodSeconds"]?.int
                ?? request.query.number("gracePeriodSeconds"),
            propagation: propagation.flatMap { $0 } ?? (isOrphaning ? .orphan : .background),
            uid: body["preconditions"]?["uid"]?.string,
            resourceVersion: body["preconditions"]?["resourceVersion"]?.string)
        return (options, body["dryRun"]?.array?.contains("All") == true)
    }
}
