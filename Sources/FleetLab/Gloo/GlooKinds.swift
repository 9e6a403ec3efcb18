/// The resources of Gloo Mesh's management plane.
enum GlooKinds {
    static let group = "admin.gloo.solo.io"
    static let controlPlanes = "istiolifecyclemanagers.\(group)"
    static let gateways = "gatewaylifecyclemanagers.\(group)"
    static let clusters = "kubernetesclusters.\(group)"
    static let space = "gloo-mesh"
    static let gatewaySpace = "gloo-mesh-gateways"
}
