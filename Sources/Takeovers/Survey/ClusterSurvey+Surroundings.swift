import FleetModel

extension ClusterSurvey {
    mutating func describeGateways(_ objects: SurveyedObjects) {
        let fronts = MeshGateway.all(
            services: objects.services, pods: objects.pods, endpoints: objects.endpoints)
        let orphans = MeshGateway.orphans(services: objects.services, pods: objects.pods)
        gateways =
            fronts.map { Gateway($0) }
            + orphans.map { service in
                Gateway(
                    service: service.qualifiedName, type: "LoadBalancer",
                    address: service.loadBalancerAddress, readyEndpoints: 0, proxies: [],
                    front: Gateway.Front(of: service))
            }
    }

    mutating func describeTrust(_ objects: SurveyedObjects, domains: [String]) {
        trustDomains = domains
        let maps = objects.rootConfigMaps.filter { $0.name == "istio-ca-root-cert" }
        let pairs = maps.compactMap { map in
            RootCertificates(configMap: map).map { ($0.fingerprints, map.namespace) }
        }
        let sets = Dictionary(grouping: pairs, by: \.0).map { fingerprints, pairs in
            RootSet(fingerprints: fingerprints, namespaces: pairs.map(\.1).sorted())
        }
        roots = sets.sorted { lhs, rhs in
            lhs.namespaces.count == rhs.namespaces.count
                ? lhs.fingerprints.lexicographicallyPrecedes(rhs.fingerprints)
                : lhs.namespaces.count > rhs.namespaces.count
        }
    }

    mutating func describeManagers(_ objects: SurveyedObjects) {
        operators = objects.operators.filter { !$0.isIgnored }
            .sorted { $0.object.qualifiedName < $1.object.qualifiedName }
            .map { Managed($0) }
        operatorPods = OperatorPods.all(of: objects.deployments)
        releases = objects.releases.map { Managed($0) }
            .sorted { ($0.kind, $0.name) < ($1.kind, $1.name) }
    }
}

extension ClusterSurvey.Gateway {
    fileprivate init(_ gateway: MeshGateway) {
        self.init(
            service: gateway.service.qualifiedName, type: gateway.type, address: gateway.address,
            readyEndpoints: gateway.readyEndpoints,
            proxies: Set(gateway.pods.compactMap { $0.proxy?.label }).sorted(),
            front: ClusterSurvey.Gateway.Front(of: gateway.service))
    }
}

extension ClusterSurvey.Managed {
    fileprivate init(_ resource: IstioOperatorResource) {
        let state = resource.state ?? "not looked at yet"
        let leaves = resource.object.isTerminating
        self.init(
            kind: "IstioOperator", name: resource.object.qualifiedName,
            state: leaves ? "on its way out" : state, isWell: !leaves && state == "HEALTHY",
            revision: resource.revision.rawValue, installs: resource.installs)
    }

    fileprivate init(_ flux: FluxObject) {
        let state = flux.state
        self.init(
            kind: flux.kind.rawValue, name: flux.object.qualifiedName, state: "\(state)",
            isWell: state == .ready, revision: flux.revision)
    }
}
