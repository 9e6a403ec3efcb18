import FleetModel

/// What the API server asks webhooks before it takes an object in.
///
/// Mutating configurations are called in the order of their names, each with
/// what the one before made of the object; so of two injectors that both want a
/// pod, the last one wins. A webhook that can't be reached keeps the object out.
struct WebhookAdmission: Sendable {
    private static let mutating = "mutatingwebhookconfigurations.admissionregistration.k8s.io"
    private static let validating = "validatingwebhookconfigurations.admissionregistration.k8s.io"

    let store: ClusterStore

    func admit(_ resource: String, _ object: JSON) throws(StatusError) -> JSON {
        // The webhooks' own configurations are exempt, or nobody could repair them.
        guard !resource.hasSuffix(".admissionregistration.k8s.io") else { return object }
        let mutated = try mutate(resource, object)
        try validate(resource, mutated)
        return mutated
    }

    private func mutate(_ resource: String, _ object: JSON) throws(StatusError) -> JSON {
        var object = object
        for call in calls(Self.mutating, for: resource, in: object.namespace) {
            guard selects(call, object) else { continue }
            guard let istiod = try answer(of: call), resource == "pods", call.path == "/inject"
            else { continue }
            object = SidecarInjector(istiod: istiod).inject(object, in: object.namespace)
        }
        return object
    }

    private func validate(_ resource: String, _ object: JSON) throws(StatusError) {
        for call in calls(Self.validating, for: resource, in: object.namespace)
        where selects(call, object) {
            _ = try answer(of: call)
        }
    }

    private func answer(of call: WebhookCall) throws(StatusError) -> RunningIstiod? {
        do throws(StatusError) {
            return try call.reach()
        } catch {
            if call.ignoresFailure { return nil }
            throw error
        }
    }

    private func calls(
        _ configurations: String, for resource: String, in space: String
    ) -> [WebhookCall] {
        let parts = resource.split(separator: ".", maxSplits: 1).map(String.init)
        let plural = parts.first ?? ""
        let group = parts.count > 1 ? parts[1] : ""
        return store.list(configurations).flatMap { configuration in
            (configuration["webhooks"]?.array ?? []).map { WebhookCall(webhook: $0, store: store) }
        }.filter { $0.concerns(operation: "CREATE", group: group, resource: plural) }
    }

    private func selects(_ call: WebhookCall, _ object: JSON) -> Bool {
        let namespace = store.get(ObjectKey("namespaces", name: object.namespace))
        return call.selects(
            namespaceLabels: namespace?.labels ?? [:], objectLabels: object.labels)
    }
}
