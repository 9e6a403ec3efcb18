import FleetModel

/// The packages that go: the operator, and the resource it installs a mesh from.
enum OldIstioCharts {
    private static let operatorSpace = "istio-operator"

    static let istioOperator = IstioOperatorDeployment(
        name: "istio-operator", space: operatorSpace, watchedSpace: IstioRevision.space,
        revision: "",
        image: "\(BigBangEdition.registry)/operator:\(BigBangEdition.oldIstio)"
    ).objects

    /// Its gateways are components of the same resource, so they go with it.
    static let controlPlane: [JSON] = [
        Manifest.make(
            "install.istio.io/v1alpha1", "IstioOperator", "istiocontrolplane",
            in: IstioRevision.space,
            [
                "spec": [
                    "profile": "default", "hub": .string(BigBangEdition.registry),
                    "tag": .string(BigBangEdition.oldIstio),
                    "namespace": .string(IstioRevision.space),
                    "meshConfig": ["trustDomain": "cluster.local"],
                    "components": ["ingressGateways": [publicGateway]],
                ]
            ]),
        Manifest.make(
            "security.istio.io/v1beta1", "PeerAuthentication", "default-istio-system",
            in: IstioRevision.space, ["spec": ["mtls": ["mode": "STRICT"]]]),
        IstioRouting.gateway("public", in: IstioRevision.space),
    ]

    private static let publicGateway: JSON = [
        "name": "public-ingressgateway", "enabled": true,
        "namespace": .string(IstioRevision.space),
        "label": ["app": "public-ingressgateway", "istio": "ingressgateway"],
        "k8s": ["service": ["type": "LoadBalancer", "ports": .array(IstioRouting.ports)]],
    ]
}
