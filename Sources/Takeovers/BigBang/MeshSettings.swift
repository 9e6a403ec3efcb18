import FleetModel

/// What the ConfigMap of a mesh says that every workload would feel to be otherwise.
///
/// The old mesh's goes with it, and the new one is made of other values: what was written for the
/// package `istio` alone is said nowhere any more, and Istio's own answer holds.
struct MeshSettings: Hashable, Sendable {
    let trustDomain: String
    let aliases: [String]
    let outboundMode: String

    static let path = APIPath.configMap("istio", in: BigBangPackages.istioNamespace)

    /// What holds where there is no ConfigMap is Istio's own.
    init(configMap: JSON?) {
        let map = configMap ?? .null
        trustDomain = TrustDomain.of(meshConfigMap: map)
        aliases = TrustDomain.aliases(meshConfigMap: map)
        outboundMode = OutboundTraffic.of(meshConfigMap: map)
    }

    /// Reads what was saved; `nil` when nothing was.
    init?(saved: JSON?) {
        guard let domain = saved?["trustDomain"]?.nonEmpty,
            let mode = saved?["outboundTrafficPolicy"]?.nonEmpty
        else { return nil }
        trustDomain = domain
        aliases = (saved?.items("trustDomainAliases") ?? []).compactMap(\.string)
        outboundMode = mode
    }

    var document: JSON {
        [
            "trustDomain": .string(trustDomain),
            "trustDomainAliases": .array(aliases.map(JSON.string)),
            "outboundTrafficPolicy": .string(outboundMode),
        ]
    }

    /// What is otherwise than before, and was not expected to be.
    func complaints(since before: MeshSettings, _ settings: BigBangSettings) -> [String] {
        let identities =
            settings.allowsNewTrustDomain
            ? [] : [domainComplaint(since: before), aliasComplaint(since: before)]
        let outbound = settings.allowsOutboundChange ? nil : outboundComplaint(since: before)
        return (identities + [outbound]).compactMap { $0 }
    }

    /// A domain of before that is an alias now counts as the mesh's own (P10).
    private func domainComplaint(since before: MeshSettings) -> String? {
        guard trustDomain != before.trustDomain, !aliases.contains(before.trustDomain) else {
            return nil
        }
        return "the trust domain was \(before.trustDomain) and is \(trustDomain) now, so that "
            + "every proxy that is restarted has another identity, which old proxies and policies "
            + "don't know: say `trustDomain: \(before.trustDomain)` in the new istiod's values, "
            + "restart the gateways and resume, or set allowNewTrustDomain"
    }

    private func aliasComplaint(since before: MeshSettings) -> String? {
        let lost = before.aliases.filter { !(aliases + [trustDomain]).contains($0) }
        guard !lost.isEmpty else { return nil }
        return "\(lost.joined(separator: ", ")) went from trustDomainAliases, so that whoever has "
            + "such an identity is a stranger: name them in the new istiod's values and resume, or "
            + "set allowNewTrustDomain"
    }

    private func outboundComplaint(since before: MeshSettings) -> String? {
        guard outboundMode != before.outboundMode else { return nil }
        return "outboundTrafficPolicy was \(before.outboundMode) and is \(outboundMode) now, so "
            + "that pods reach other things outside: say it in the new istiod's values and "
            + "resume, or set allowOutboundChange"
    }
}
