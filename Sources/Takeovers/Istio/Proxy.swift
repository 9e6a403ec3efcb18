import FleetModel

/// The Istio proxy in a pod: which control plane it belongs to, and its version.
struct Proxy: Hashable, Sendable {
    let kind: Kind
    /// `nil` when nothing on the pod tells.
    let revision: Revision?
    /// Tag of the proxy's image; `nil` when the image is pinned by digest alone.
    let version: String?
    /// Whether it runs as a restartable init container.
    let isNative: Bool
    let source: Source?
    /// Its image, where the injector chose that; `nil` where the pod asks for one itself.
    var image: String?

    enum Kind: String, Hashable, Sendable { case sidecar, gateway, waypoint, ztunnel }

    /// What told the revision, most reliable first.
    enum Source: String, Hashable, Sendable { case status, annotation, caAddress, label }
}

extension Proxy {
    /// Reads a pod the way Istio 1.14 to 1.31 mark it; `nil` when it has no proxy.
    init?(of pod: JSON) {
        guard let proxy = Proxy(tunnelIn: pod) ?? Proxy(containerIn: pod) else { return nil }
        self = proxy
    }

    private init?(tunnelIn pod: JSON) {
        guard pod.labels["app"] == "ztunnel" else { return nil }
        let container = pod.spec.items("containers").first(where: \.isProxy)
        let (revision, source) = tunnelRevisionAndSource(of: pod, container: container ?? .null)
        self.init(
            kind: .ztunnel, revision: revision, version: nil, isNative: false, source: source)
    }

    private init?(containerIn pod: JSON) {
        let initial = pod.spec.items("initContainers")
        let containers = initial + pod.spec.items("containers")
        guard let proxy = containers.first(where: \.isProxy) else { return nil }
        let kind = Kind(arguments: proxy.items("args").compactMap(\.string))
        let (revision, source) = revisionAndSource(of: pod, proxy: proxy, kind: kind)
        self.init(
            kind: kind, revision: revision, version: imageTag(of: proxy["image"]?.string ?? ""),
            isNative: initial.contains {
                $0.isProxy && $0["restartPolicy"]?.string == "Always"
            }, source: source,
            image: pod.annotations["sidecar.istio.io/proxyImage"] == nil
                ? proxy["image"]?.nonEmpty : nil)
    }
}

extension Proxy {
    /// Whether an injector put the proxy there, so that a restart moves it.
    ///
    /// Gateways rendered by an operator follow their own resource instead.
    static func isInjected(into pod: JSON) -> Bool {
        pod.annotations["sidecar.istio.io/status"] != nil
    }

    /// Whether the proxy runs this revision and version. A pinned digest hides
    /// the version, so then the revision alone decides: see also ``Move/seeing(_:)``.
    func runs(_ revision: Revision, version wanted: String) -> Bool {
        guard self.revision == revision else { return false }
        guard let version else { return true }
        return version == wanted || proxyVariants.contains { version == "\(wanted)-\($0)" }
    }

    /// Revision and version for people: `1-15 1.15.3-solo`.
    var label: String {
        let name = revision.map(\.rawValue) ?? "unknown revision"
        return version.map { "\(name) \($0)" } ?? name
    }
}

/// Flavours of Istio's images, which share a version and differ in the tag's end.
private let proxyVariants = ["distroless", "debug"]

extension Proxy.Kind {
    fileprivate init(arguments: [String]) {
        if arguments.contains("router") {
            self = .gateway
        } else {
            self = arguments.contains("waypoint") ? .waypoint : .sidecar
        }
    }
}

private func revisionAndSource(
    of pod: JSON, proxy: JSON, kind: Proxy.Kind
) -> (Revision?, Proxy.Source?) {
    let status = pod.annotations["sidecar.istio.io/status"].flatMap { JSON(parsing: $0) }
    if let name = status?["revision"]?.nonEmpty { return (Revision(name), .status) }
    if let name = pod.annotations[IstioLabel.revision], !name.isEmpty {
        return (Revision(name), .annotation)
    }
    if let revision = revision(ofAddress: proxy.environment("CA_ADDR"))
        ?? revision(ofAddress: proxy.discoveryAddress)
    {
        return (revision, .caAddress)
    }
    if kind == .gateway, let name = pod.labels[IstioLabel.revision], !name.isEmpty {
        return (Revision(name), .label)
    }
    return (nil, nil)
}

/// Istio's chart writes the revision down where there is one, and derives the addresses from it,
/// unless somebody gave others; a label is not the chart's.
private func tunnelRevisionAndSource(
    of pod: JSON, container: JSON
) -> (Revision?, Proxy.Source?) {
    if let name = pod.annotations[IstioLabel.revision], !name.isEmpty {
        return (Revision(name), .annotation)
    }
    let addresses = ["XDS_ADDRESS", "CA_ADDRESS"].lazy.map(container.environment)
    if let revision = addresses.compactMap(revision(ofAddress:)).first {
        return (revision, .caAddress)
    }
    if let name = pod.labels[IstioLabel.revision], !name.isEmpty {
        return (Revision(name), .label)
    }
    return (nil, nil)
}

/// The revision in an address such as `istiod-1-15.istio-system.svc:15012`.
func revision(ofAddress address: String?) -> Revision? {
    guard let host = address?.split(separator: ".", maxSplits: 1).first,
        address?.contains(".") == true
    else { return nil }
    if host == "istiod" { return .unnamed }
    guard host.hasPrefix("istiod-"), host.count > "istiod-".count else { return nil }
    return Revision(String(host.dropFirst("istiod-".count)))
}

/// The tag of an image reference; `nil` when it has none.
func imageTag(of image: String) -> String? {
    let reference = image.split(separator: "@", maxSplits: 1).first ?? ""
    let name = reference.split(separator: "/").last ?? ""
    let parts = name.split(separator: ":", maxSplits: 1)
    return parts.count == 2 ? String(parts[1]) : nil
}

extension JSON {
    fileprivate var isProxy: Bool { self["name"]?.string == "istio-proxy" }

    /// Where the proxy finds its control plane, when its configuration says so.
    fileprivate var discoveryAddress: String? {
        environment("PROXY_CONFIG").flatMap { JSON(parsing: $0) }?["discoveryAddress"]?.string
    }

    /// The value of a container's environment variable.
    func environment(_ name: String) -> String? {
        items("env").first { $0["name"]?.string == name }?["value"]?.string
    }
}
