import FleetModel

@testable import Takeovers

extension World {
    /// A stage of one of Big Bang's scenarios, such as `254/30`, with the objects that the
    /// scenarios leave out.
    init(bigBang stage: String) throws {
        let parts = stage.split(separator: "/").map(String.init)
        let path = try Scenarios.named("bigbang").stages.keys.first {
            $0.hasPrefix("bigbang-\(parts[0])/\(parts[1])-")
        }
        guard let path else { throw Fixture.Missing(name: stage) }
        try self.init(stage: path)
        let rights = Self.rights.filter {
            object("Deployment", "istiod", in: "istio-system") != nil
                && object($0["kind"]?.string ?? "", $0.name, in: $0.namespace) == nil
        }
        cluster += rights
        cluster.append(Self.route)
        let istio = object("HelmRelease", "istio", in: "bigbang")
        // As `save-baseline` leaves a cluster that it finds so.
        if istio?.isTerminating ?? true { cluster.append(Baseline.late.object) }
        if object("Service", "public-ingressgateway", in: "istio-gateway") != nil {
            cluster.append(Self.gateway)
        }
        for index in cluster.indices where cluster[index].name == "istio-operator" {
            guard cluster[index]["kind"] == "Deployment" else { continue }
            cluster[index][path: ["status", "availableReplicas"]] = 1
        }
    }

    /// What a step says, in the words that people read.
    func reason(_ step: String) throws -> String {
        observe(try BigBangRunbook.step(step, in: .bigBang(["allowSkew": true]))).saying
    }

    /// What istiod may not be without, though its release says that it is ready.
    static let rights: [JSON] =
        [
            named("ServiceAccount", "istiod", in: "istio-system"),
            named("Role", "istiod", in: "istio-system"),
            named("RoleBinding", "istiod", in: "istio-system"),
            named("ValidatingWebhookConfiguration", "istio-validator-istio-system"),
        ]
        + ["istiod-clusterrole", "istiod-gateway-controller"].flatMap { stem in
            ["ClusterRole", "ClusterRoleBinding"].map { named($0, "\(stem)-istio-system") }
        } + companions

    /// What belongs to it, and nothing waits for.
    private static let companions: [JSON] =
        [
            named("ServiceAccount", "istio-reader-service-account", in: "istio-system"),
            named("ValidatingWebhookConfiguration", "istiod-default-validator"),
        ]
        + ["ClusterRole", "ClusterRoleBinding"].map {
            named($0, "istio-reader-clusterrole-istio-system")
        }

    private static func named(_ kind: String, _ name: String, in space: String = "") -> JSON {
        ["kind": .string(kind), "metadata": ["name": .string(name), "namespace": .string(space)]]
    }

    static let gateway: JSON = [
        "kind": "Gateway",
        "metadata": ["name": "public-ingressgateway", "namespace": "istio-gateway"],
        "spec": [
            "selector": ["istio": "ingressgateway"],
            "servers": [
                ["hosts": ["*.bigbang.example"], "port": ["number": 8080, "protocol": "HTTP"]]
            ],
        ],
    ]

    /// Has a baseline in the place of any other.
    mutating func keep(_ baseline: JSON) {
        cluster.removeAll { $0.name == Baseline.name }
        cluster.append(baseline)
    }

    mutating func keep(_ baseline: Baseline) { keep(baseline.object) }

    /// Flux does what it was asked for with a token: everything that carries it is handled.
    mutating func flux(handles token: String) {
        for index in cluster.indices {
            let annotations = cluster[index].annotations
            guard annotations[FluxRequest.annotation] == token else { continue }
            cluster[index][path: ["status", "lastHandledReconcileAt"]] = .string(token)
            guard annotations[FluxRequest.forceAnnotation] == token else { continue }
            cluster[index][path: ["status", "lastHandledForceAt"]] = .string(token)
        }
    }

    /// Flux gives a release up.
    mutating func stall(_ release: String) {
        edit("HelmRelease", release, in: "bigbang") {
            $0[path: ["status", "conditions"]] = [
                [
                    "type": "Stalled", "status": "True", "reason": "RetriesExceeded",
                    "message": "Failed to upgrade after 4 attempt(s)",
                ]
            ]
        }
    }

    private static let route: JSON = [
        "kind": "VirtualService",
        "metadata": ["name": "shop", "namespace": "bookinfo", "resourceVersion": "1"],
        "spec": ["gateways": ["istio-system/public"], "hosts": ["shop.bigbang.example"]],
    ]
}

extension Takeover {
    static func bigBang(
        _ parameters: [String: JSON] = ["allowSkew": true], version: String = "1.25.2"
    ) -> Takeover {
        Takeover(
            name: "bigbang", runbook: "bigbang", revision: "default", version: version,
            parameters: parameters)
    }
}

extension Situation {
    static func bigBang(
        _ parameters: [String: JSON] = ["allowSkew": true], version: String = "1.25.2"
    ) -> Situation {
        Situation(
            takeover: .bigBang(parameters, version: version), cluster: Cluster("cluster-1"),
            management: nil,
            run: "7F3K", epoch: 1)
    }
}

extension BigBangRunbook {
    static func step(
        _ name: String, in situation: Situation = .bigBang()
    ) throws -> Step {
        let all = ["prepare", "takeover", "retire"].flatMap { Self.steps(of: $0, in: situation) }
        guard let step = all.first(where: { $0.outline.name == name }) else {
            throw Fixture.Missing(name: name)
        }
        return step
    }
}

extension Observation {
    /// The words of an answer, for people.
    var saying: String {
        switch self {
        case .done(let words), .notDone(let words), .partial(let words), .unknown(let words):
            words
        case .failed(let failure): failure.reason
        case .settling(let item, _, _): item
        case .needs: ""
        }
    }
}

extension Baseline {
    /// A baseline as the tests need it.
    init(
        bare: [String] = [], roots: [String] = [], resources: [String] = [],
        addresses: [String: String] = [:], objects: [JSON] = []
    ) {
        self.init(document: [
            "addresses": JSON(addresses), "objects": .array(objects),
            "bare": .array(bare.map(JSON.string)),
            "roots": .array(roots.map(JSON.string)),
            "resources": .array(resources.map(JSON.string)),
        ])
    }

    /// As the cluster keeps it.
    var object: JSON {
        [
            "kind": "ConfigMap",
            "metadata": ["name": .string(Self.name), "namespace": "bigbang"],
            "data": ["baseline": .string(document.description)],
        ]
    }
}
