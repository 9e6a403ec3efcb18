import FleetModel

/// Lists that many steps ask for, as what they are.
extension ClusterView {
    func namespaces() throws(Pause) -> [MeshNamespace] {
        try list(APIPath.namespaces).map(MeshNamespace.init)
    }

    /// All of the cluster.
    func pods() throws(Pause) -> [Pod] { try list(APIPath.pods).map(Pod.init) }

    func endpoints() throws(Pause) -> Endpoints {
        Endpoints(slices: try list(firstOf: APIPath.endpointSlices))
    }
}
