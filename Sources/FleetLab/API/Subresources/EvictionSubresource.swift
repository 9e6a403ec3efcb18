import FleetModel

/// Deletes a pod if the disruption budgets over it allow.
struct EvictionSubresource {
    let call: ResourceCall

    func respond() throws(StatusError) -> APIResponse {
        guard call.request.method == "POST" else { throw .methodNotAllowed }
        let body = call.request.body.isEmpty ? [:] : try call.request.document()
        let wishes = body["deleteOptions"]
        let options = DeleteOptions(
            gracePeriodSeconds: wishes?["gracePeriodSeconds"]?.int,
            uid: wishes?["preconditions"]?["uid"]?.string,
            resourceVersion: wishes?["preconditions"]?["resourceVersion"]?.string)
        let isDry = call.isDryRun || wishes?["dryRun"]?.array?.contains("All") == true
        try Eviction(store: call.store, pod: try call.stored(), isDryRun: isDry).take(options)
        return call.done(code: 201)
    }
}
