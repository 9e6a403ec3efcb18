import FleetModel

/// The manifest of a lifecycle manager, as the takeover brings it.
///
/// The clusters it lists are ignored: a wave adds one cluster at a time, so that
/// later waves cannot disturb earlier ones.
struct LifecycleManifest: Hashable, Sendable {
    let kind: LifecycleManager.Kind
    let object: JSON
    let revision: Revision

    /// Reads the text of a manifest; `nil` when it is none of this kind.
    init?(_ kind: LifecycleManager.Kind, text: String, revision: Revision) {
        guard let object = JSON(parsing: text), object["kind"]?.string == kind.rawValue else {
            return nil
        }
        self.kind = kind
        self.object = object
        self.revision = revision
    }

    var name: String { object.name }

    /// Namespace of the object in the management cluster.
    var namespace: String { object.namespace.isEmpty ? "gloo-mesh" : object.namespace }

    var path: String { APIPath.gloo(kind.plural, name, in: namespace) }

    /// The installation of our revision; the only one when none is named.
    var installation: JSON {
        let all = object.spec.items("installations")
        return all.isEmpty ? [:] : all[ours]
    }

    /// The number of our installation; zero when none is named.
    private var ours: Int {
        object.spec.items("installations").firstIndex {
            $0[kind.revisionKey]?.string == revision.rawValue
        } ?? 0
    }

    var operatorSpec: JSON { installation["istioOperatorSpec"] ?? .null }

    /// Where the installations stand in the manifest.
    static let installationsPath = ["spec", "installations"]

    /// Where ``operatorSpec`` stands in the manifest.
    var operatorPath: [String] { Self.installationsPath + ["\(ours)", "istioOperatorSpec"] }

    /// The gateways that the manifest makes.
    var gateways: [Gateway] {
        let components = operatorSpec["components"] ?? .null
        let values = operatorSpec[path: ["values", "gateways"]] ?? .null
        return ["ingress", "egress"].flatMap { direction in
            components.items("\(direction)Gateways").filter { $0["enabled"]?.bool ?? true }
                .compactMap { gateway in
                    // The operator takes the chart's values for every gateway of a direction.
                    let names = [gateway["name"]?.string, "istio-\(direction)gateway"]
                    return Gateway(gateway, values: names.compactMap { $0.flatMap { values[$0] } })
                }
        }
    }

    struct Gateway: Hashable, Sendable {
        let name: String
        let namespace: String
        /// What Services may find its pods by, besides their revision.
        let labels: [String: String]
        /// Whether a Service is made for it; else somebody brings one.
        let bringsService: Bool

        init?(_ gateway: JSON, values: [JSON]) {
            guard let name = gateway["name"]?.nonEmpty else { return nil }
            self.name = name
            namespace = gateway["namespace"]?.nonEmpty ?? "gloo-mesh-gateways"
            let role = name.hasPrefix("istio-") ? String(name.dropFirst("istio-".count)) : name
            labels = ["app": name, "istio": role, "release": "istio"]
                .merging(gateway["label"]?.strings ?? [:]) { $1 }
            bringsService = !values.contains { $0["customService"]?.bool == true }
        }
    }

    /// The installation with a single cluster in it.
    func installation(with entry: JSON) -> JSON {
        var installation = installation
        installation[kind.revisionKey] = .string(revision.rawValue)
        installation["clusters"] = .array([entry])
        return installation
    }

    /// The whole object with a single cluster in it, to be created.
    func object(with entry: JSON) -> JSON {
        var object = object
        object["status"] = nil
        object[path: ["metadata", "namespace"]] = .string(namespace)
        object[path: ["spec", "installations"]] = .array([installation(with: entry)])
        return object
    }

    /// The key in an image hub such as `…/istio-abc123`, which is an entitlement
    /// and must not be seen in any record.
    var redactions: [String] {
        let last = operatorSpec["hub"]?.string?.split(separator: "/").last ?? ""
        guard last.hasPrefix("istio-"), last.count > "istio-".count else { return [] }
        return [String(last.dropFirst("istio-".count))]
    }
}
