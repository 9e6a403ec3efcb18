import FleetModel

/// Whether proxies of the whole mesh let plain text in, as the PeerAuthentication of the root
/// namespace says.
struct MeshEncryption: Hashable, Sendable {
    /// Such as `STRICT`; Istio's own answer where nobody says anything.
    let mode: String
    /// Who says so.
    let source: String?

    /// Takes PeerAuthentications; the oldest for the whole namespace counts.
    init(_ objects: [JSON]) {
        let object = objects.filter {
            $0.namespace == BigBangPackages.istioNamespace && !$0.isTerminating
                && ($0.spec["selector"] ?? .null).isNull
        }.min { ($0.age, $0.name) < ($1.age, $1.name) }
        mode = object?.spec[path: ["mtls", "mode"]]?.nonEmpty ?? "PERMISSIVE"
        source = object.map { "PeerAuthentication \($0.qualifiedName)" }
    }

    var isStrict: Bool { mode == "STRICT" }

    /// What is less than before; `nil` when nothing is.
    func complaint(since before: MeshEncryption) -> String? {
        guard before.isStrict, !isStrict else { return nil }
        let reason = source.map { "\($0) says so" } ?? "nothing took its place"
        return "mTLS of the whole mesh was STRICT by \(before.source ?? "somebody") and is \(mode) "
            + "now, so that plain text is let in: \(reason). Bring it back, or set allowMTLSChange"
    }
}

extension JSON {
    /// When it was made, as texts compare.
    fileprivate var age: String { metadata["creationTimestamp"]?.string ?? "" }
}
