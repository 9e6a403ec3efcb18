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
                problem(
                    "the manifest \"profile\" is missing",
                    hint: "write an IstioOperator with `profile: minimal`; without one istioctl "
                        + "would install a gateway, too")
            ]
        }
        guard let profile = JSON(parsing: text), profile["kind"]?.string == "IstioOperator" else {
            return [problem("it should be an IstioOperator")]
        }
        return base(profile.spec) + ours(profile.spec) + components(profile.spec)
            + contradictions(profile.spec)
    }

    private func base(_ spec: JSON) -> [TakeoverProblem] {
        let name = spec["profile"]?.string ?? "default"
        guard !Self.bare.contains(name) else { return [] }
        return [
            problem(
                "profile \(name.quoted) brings more than an istiod",
                hint: "write `profile: minimal`")
        ]
    }

    /// Istio's profiles that have no gateway and no node agent.
    private static let bare: Set<String> = ["minimal", "empty"]

    private func ours(_ spec: JSON) -> [TakeoverProblem] {
        let written = [["revision"], ["values", "revision"], ["values", "defaultRevision"]]
        let found = written.filter { spec[path: $0] != nil }.map { $0.joined(separator: ".") }
        return found.map { problem("it should leave \("spec.\($0)".quoted) to the runbook") }
    }

    private func components(_ spec: JSON) -> [TakeoverProblem] {
        let components = spec["components"] ?? .null
        let gateways = ["ingressGateways", "egressGateways"].filter { key in
            (components[key]?.array ?? []).contains { $0["enabled"]?.bool ?? true }
        }
        let agents = ["cni", "ztunnel"].filter { components[$0]?["enabled"]?.bool ?? false }
        return (gateways + agents).map {
            problem("component \($0.quoted) is one for all revisions, and would change at once")
        }
    }

    private func contradictions(_ spec: JSON) -> [TakeoverProblem] {
        let words = [
            ("tag", spec["tag"], takeover.version),
            ("values.global.tag", spec[path: ["values", "global", "tag"]], takeover.version),
            ("namespace", spec["namespace"], "istio-system"),
            (
                "values.global.istioNamespace",
                spec[path: ["values", "global", "istioNamespace"]], "istio-system"
            ),
        ]
        return words.compactMap { key, value, wanted in
            guard let value, value.string != wanted else { return nil }
            return problem("spec.\(key) should be \(wanted.quoted), got: \(value)")
        }
    }

    private func problem(_ words: String, hint: String? = nil) -> TakeoverProblem {
        TakeoverProblem(.manifest(RevisionRunbook.profileRole), words, hint: hint)
    }
}
