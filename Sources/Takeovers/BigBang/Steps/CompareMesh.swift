import FleetModel

/// Holds the new mesh against what the takeover says and what the old one was.
///
/// It stands behind the gateways: whatever it finds, users come in again.
struct CompareMesh: StepRecipe {
    static let outline = StepOutline(
        "compare-mesh", title: "hold the new mesh against the old one and the takeover")
    let bigBang: BigBangSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(5), poll: .seconds(5))

    private static let paths = [
        BroughtVersion.path, APIPath.peerAuthentications, MeshSettings.path, Baseline.path,
    ]

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(Self.paths)
        let brought = try BroughtVersion(view, for: bigBang.move)
        let now = MeshEncryption(try view.optionalList(APIPath.peerAuthentications) ?? [])
        let baseline = try Baseline.saved(view)
        let before = baseline.map { MeshEncryption($0.peerAuthentications) }
        let settings = MeshSettings(configMap: try view.object(MeshSettings.path))
        let complaints =
            [
                brought.complaint(against: bigBang.version),
                bigBang.settings.allowsMTLSChange ? nil : before.flatMap(now.complaint),
            ].compactMap { $0 }
            + (baseline == nil ? [Baseline.lossWords] : [])
            + (baseline?.mesh.map { settings.complaints(since: $0, bigBang.settings) } ?? [])
        guard complaints.isEmpty else { throw .terminal(complaints.joined(separator: "; ")) }
        return .done("istiod runs \(brought.version), and mTLS of the whole mesh is \(now.mode)")
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(Self.paths),
            proof: "istiod runs \(bigBang.version), mTLS of the whole mesh is STRICT if it was, "
                + "and trustDomain and outboundTrafficPolicy are what they were")
    }
}
