import FleetModel

extension StoreState {
    /// Stores a new object that is complete but for what only the store knows.
    mutating func insert(
        _ draft: JSON, at key: ObjectKey, as type: ResourceType, dryRun: Bool
    ) throws(StatusError) -> JSON {
        guard self[key] == nil else { throw .alreadyExists(type.id, key.name) }
        try checkNamespace(of: key)
        let object = stamped(draft, as: type)
        return dryRun ? object : write(object, at: key)
    }

    /// Stores an object with whatever only a store knows of it, as far as it brings that along.
    mutating func restore(
        _ object: JSON, at key: ObjectKey, as type: ResourceType
    ) throws(StatusError) {
        try checkNamespace(of: key)
        var object = object
        let former = self[key]
        let uid = object.uid.isEmpty ? former?.uid ?? identities.uid() : object.uid
        object.metadata["uid"] = .string(uid)
        object.metadata.setDefault("creationTimestamp", .string(now.timestamp))
        if type.hasGeneration { object.metadata.setDefault("generation", 1) }
        if type.id == "services" { allocateAddresses(&object) }
        if former != nil, former?.uid != uid { _ = takeOut(key) }
        write(object, at: key)
    }

    /// Refuses when the namespace is absent or on its way out.
    func checkNamespace(of key: ObjectKey) throws(StatusError) {
        guard !key.namespace.isEmpty else { return }
        guard let namespace = self[ObjectKey("namespaces", name: key.namespace)] else {
            throw .notFound("namespaces", key.namespace)
        }
        guard namespace.isTerminating else { return }
        var error = StatusError.forbidden(
            key.resource, key.name,
            "unable to create new content in namespace \(key.namespace) because it is being"
                + " terminated")
        error.details["causes"] = [
            [
                "reason": "NamespaceTerminating", "field": "metadata.namespace",
                "message": .string("namespace \(key.namespace) is being terminated"),
            ]
        ]
        throw error
    }

    private mutating func stamped(_ draft: JSON, as type: ResourceType) -> JSON {
        var object = draft
        object.metadata["uid"] = .string(identities.uid())
        object.metadata["creationTimestamp"] = .string(now.timestamp)
        object.metadata["deletionTimestamp"] = nil
        object.metadata["deletionGracePeriodSeconds"] = nil
        object.metadata["resourceVersion"] = nil
        object.metadata["selfLink"] = nil
        object.metadata["generation"] = nil
        if type.hasGeneration { object.metadata["generation"] = 1 }
        if type.id == "services" { allocateAddresses(&object) }
        object.dropEmptyMetadata()
        return object
    }

    /// Gives a Service the addresses it lacks: its own, and its ports on the nodes.
    mutating func allocateAddresses(_ service: inout JSON) {
        let kind = service["spec"]?["type"]?.string ?? "ClusterIP"
        guard kind != "ExternalName" else { return }
        if service["spec"]?["clusterIP"]?.string ?? "" == "" {
            let taken = list("services", namespace: nil).compactMap {
                $0["spec"]?["clusterIP"]?.string
            }
            service[path: ["spec", "clusterIP"]] = .string(addresses.address(taken: Set(taken)))
        }
        if let address = service["spec"]?["clusterIP"] {
            service[path: ["spec", "clusterIPs"]] = .array([address])
        }
        if kind == "NodePort" || kind == "LoadBalancer" { allocatePorts(&service) }
    }

    private mutating func allocatePorts(_ service: inout JSON) {
        let taken = list("services", namespace: nil).flatMap { Self.nodePorts(of: $0) }
        var used = Set(taken + Self.nodePorts(of: service))
        var ports = service["spec"]?["ports"]?.array ?? []
        for index in ports.indices where ports[index]["nodePort"]?.int ?? 0 == 0 {
            let port = addresses.port(taken: used)
            used.insert(port)
            ports[index]["nodePort"] = .int(Int64(port))
        }
        service[path: ["spec", "ports"]] = .array(ports)
    }

    private static func nodePorts(of service: JSON) -> [Int] {
        (service["spec"]?["ports"]?.array ?? []).compactMap { $0["nodePort"]?.int }
    }
}
