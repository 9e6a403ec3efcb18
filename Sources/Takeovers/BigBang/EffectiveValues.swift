import FleetModel

/// Which packages the values of the parent release switch on, and which trust domain they give
/// them, as far as that can be known.
///
/// Later sources win, and `spec.values` beats them all. We read no Secrets, so what was known
/// before one is not known after it.
struct EffectiveValues: Hashable, Sendable {
    private var flags: [String: Bool] = [:]
    private var domains: [String: String] = [:]

    init(of parent: HelmRelease, _ view: ClusterView) throws(Pause) {
        let sources = parent.object.spec.items("valuesFrom")
        let paths = sources.map { source in
            source["kind"]?.string == "ConfigMap" ? source["name"]?.nonEmpty : nil
        }.map { name in name.map { APIPath.configMap($0, in: parent.object.namespace) } }
        try view.require(paths.compactMap { $0 })
        for (source, path) in zip(sources, paths) {
            let map = try path.flatMap { path throws(Pause) in try view.object(path) }
            let key = source["valuesKey"]?.nonEmpty ?? "values.yaml"
            if let text = map?[path: ["data", key]]?.string {
                flags.merge(Self.flags(in: text)) { $1 }
                domains.merge(Self.trustDomains(in: text)) { $1 }
            } else if source["optional"]?.bool != true || path == nil {
                (flags, domains) = ([:], [:])
            }
        }
        for (package, values) in parent.object.spec["values"]?.object ?? [:] {
            if let isOn = values["enabled"]?.bool { flags[package] = isOn }
            if let domain = values.trustDomain { domains[package] = domain }
        }
    }

    /// The trust domain that they give one of some packages; `nil` when they leave it to Istio,
    /// or nobody can say.
    func trustDomain(of packages: [String]) -> String? {
        packages.lazy.compactMap { domains[$0] }.first
    }

    /// What they are known to say otherwise than a stage does, in words.
    func contradiction(to wanted: JSON) -> String? {
        let packages = (wanted.object ?? [:]).keys.sorted().filter { package in
            flags[package].map { $0 != wanted[package]?["enabled"]?.bool } ?? false
        }
        let words = packages.map { "\($0).enabled: \(flags[$0] ?? false)" }
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }

    /// Whether they are known to say what a stage does.
    func fulfil(_ wanted: JSON) -> Bool {
        (wanted.object ?? [:]).allSatisfy { flags[$0.key] == $0.value["enabled"]?.bool }
    }

    /// Reads the trust domains of the same: wherever they stand below their package.
    static func trustDomains(in text: String) -> [String: String] {
        if let json = JSON(parsing: text) {
            return (json.object ?? [:]).compactMapValues(\.trustDomain)
        }
        var domains: [String: String] = [:]
        var package = ""
        for line in text.split(whereSeparator: \.isNewline) {
            let content = line.drop { $0 == " " }
            if content.count == line.count, !content.hasPrefix("#") {
                package = String(content.prefix { $0 != ":" })
            } else if content.hasPrefix("trustDomain:") {
                let domain = TrustDomain.plain(content.dropFirst("trustDomain:".count))
                domains[package] = domain.isEmpty ? nil : domain
            }
        }
        return domains
    }

    /// Reads the flags of JSON, or of YAML in block style as people write values: packages at the
    /// left margin, each flag indented below its package. Of other forms nothing is known.
    static func flags(in text: String) -> [String: Bool] {
        if let json = JSON(parsing: text) {
            return (json.object ?? [:]).compactMapValues { $0["enabled"]?.bool }
        }
        var flags: [String: Bool] = [:]
        var (package, indent): (String?, Int?) = (nil, nil)
        for line in text.split(whereSeparator: \.isNewline) {
            let content = line.drop { $0 == " " }
            guard !content.isEmpty, !content.hasPrefix("#") else { continue }
            let depth = line.count - content.count
            let sides = content.split(
                separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2 else { continue }
            if depth == 0 { (package, indent) = (String(sides[0]), nil) }
            guard depth > 0, let package else { continue }
            indent = indent ?? depth
            let value = sides[1].prefix { $0 != "#" }.filter { !$0.isWhitespace }
            guard depth == indent, sides[0] == "enabled" else { continue }
            flags[package] = value == "true" ? true : value == "false" ? false : nil
        }
        return flags
    }
}

extension JSON {
    /// The trust domain among a package's values, however deep it stands.
    fileprivate var trustDomain: String? {
        let own = object ?? [:]
        if let domain = own["trustDomain"]?.nonEmpty { return domain }
        return own.keys.sorted().lazy.compactMap { own[$0]?.trustDomain }.first
    }
}
