import FleetModel

/// What is wrong with the IstioOperator from which istioctl is to install a revision.
///
/// Beside the old control plane only an istiod may come. Gateways and nodes' agents are one for
/// all revisions: istioctl would change those of the old one where they stand, in `prepare`.
struct ProfileProblems {
    let takeover: Takeover

    init(_ takeover: Takeover) { self.takeover = takeover }

    var all: [TakeoverProblem] {
        guard let text = takeover.manifests[RevisionRunbook.profileRole] else {
            return [
                TakeoverProblem(
                    .manifest(RevisionRunbook.profileRole), "the manifest \"profile\" is missing",
                    hint: "write an IstioOperator with `profile: minimal`; without one istioctl "
                        + "would install a gateway, too")
            ]
        }
        guard let profile = JSON(parsing: text), profile["kind"]?.string == "IstioOperator" else {
            return [problem("it should be an IstioOperator", at: [])]
        }
        return base(profile.spec) + ours(profile.spec) + components(profile.spec)
            + contradictions(profile.spec)
    }

    private func base(_ spec: JSON) -> [TakeoverProblem] {
        let name = spec["profile"]?.string ?? "default"
        guard !Self.bare.contains(name) else { return [] }
        return [
            problem(
                "profile \(name.quoted) brings more than an istiod", at: ["profile"],
                hint: "write `profile: minimal`")
        ]
    }

    /// Istio's profiles that have no gateway and no node agent.
    private static let bare: Set<String> = ["minimal", "empty"]

    private func ours(_ spec: JSON) -> [TakeoverProblem] {
        let written = [["revision"], ["values", "revision"], ["values", "defaultRevision"]]
        return written.filter { spec[path: $0] != nil }.map { path in
            let key = "spec.\(path.joined(separator: "."))"
            return problem("it should leave \(key.quoted) to the runbook", at: path)
        }
    }

    private func components(_ spec: JSON) -> [TakeoverProblem] {
        let components = spec["components"] ?? .null
        let gateways = ["ingressGateways", "egressGateways"].filter { key in
            (components[key]?.array ?? []).contains { $0["enabled"]?.bool ?? true }
        }
        let agents = ["cni", "ztunnel"].filter { components[$0]?["enabled"]?.bool ?? false }
        return (gateways + agents).map {
            problem(
                "component \($0.quoted) is one for all revisions, and would change at once",
                at: ["components", $0])
        }
    }

    private func contradictions(_ spec: JSON) -> [TakeoverProblem] {
        let wanted = [
            (["tag"], takeover.version), (["values", "global", "tag"], takeover.version),
            (["namespace"], "istio-system"),
            (["values", "global", "istioNamespace"], "istio-system"),
        ]
        return wanted.compactMap { path, wanted in
            guard let value = spec[path: path], value.string != wanted else { return nil }
            let key = path.joined(separator: ".")
            return problem("spec.\(key) should be \(wanted.quoted), got: \(value)", at: path)
        }
    }

    /// A mistake at a path of the profile's `spec`.
    private func problem(
        _ words: String, at path: [String], hint: String? = nil
    ) -> TakeoverProblem {
        let place = path.isEmpty ? [] : ["spec"] + path
        return TakeoverProblem(.content(RevisionRunbook.profileRole, place), words, hint: hint)
    }
}
