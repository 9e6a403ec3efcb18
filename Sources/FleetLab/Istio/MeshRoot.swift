import FleetModel

/// The root certificate that the istiods of a cluster share.
enum MeshRoot {
    static let configMap = "istio-ca-root-cert"

    /// What an istiod keeps the root in that it has made itself.
    static func secret(of root: String) -> JSON {
        Manifest.make(
            "v1", "Secret", "istio-ca-secret", in: IstioRevision.space,
            [
                "type": "istio.io/ca-root",
                "data": ["ca-cert.pem": .base64(root), "ca-key.pem": .base64("REDACTED")],
            ])
    }

    /// The root as PEM: of a plugged-in CA, or of the one that istiod made itself.
    static func read(from store: ClusterStore) -> String? {
        let space = IstioRevision.space
        let plugged = store.get(ObjectKey("secrets", namespace: space, name: "cacerts"))
        let own = store.get(ObjectKey("secrets", namespace: space, name: "istio-ca-secret"))
        return plugged?["data"]?["root-cert.pem"]?.base64Text
            ?? own?["data"]?["ca-cert.pem"]?.base64Text
    }
}
