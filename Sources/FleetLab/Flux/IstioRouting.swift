import FleetModel

/// What leads requests through a gateway.
enum IstioRouting {
    /// The status port comes first: load balancers check the health of the first.
    static let ports: [JSON] = [
        ["name": "status-port", "port": 15021, "targetPort": 15021, "protocol": "TCP"],
        ["name": "http2", "port": 80, "targetPort": 8080, "protocol": "TCP"],
        ["name": "https", "port": 443, "targetPort": 8443, "protocol": "TCP"],
    ]

    static func gateway(_ name: String, in space: String) -> JSON {
        Manifest.make(
            "networking.istio.io/v1beta1", "Gateway", name, in: space,
            [
                "spec": [
                    "selector": ["istio": "ingressgateway"],
                    "servers": [
                        [
                            "hosts": ["*.bigbang.example"],
                            "port": ["name": "https", "number": 8443, "protocol": "HTTPS"],
                            "tls": ["mode": "SIMPLE", "credentialName": "public-cert"],
                        ]
                    ],
                ]
            ])
    }

    static func virtualService(_ name: String, in space: String, through gateway: String) -> JSON {
        Manifest.make(
            "networking.istio.io/v1beta1", "VirtualService", name, in: space,
            [
                "spec": [
                    "gateways": [.string(gateway)],
                    "hosts": [.string("\(name).bigbang.example")],
                    "http": [["route": [["destination": ["host": .string(name)]]]]],
                ]
            ])
    }
}
