import FleetModel

/// What `istioctl uninstall` printed: what it has removed or, as a dry run, would remove.
///
/// It takes along whatever carries the revision's label, the nodes' agent and gateways
/// included (istio/istio#46080, #45805), so its list is read before it may do anything.
struct UninstallReport: Hashable, Sendable {
    /// Every object it names, in its order.
    let objects: [Object]
    let ending: Ending

    struct Object: Hashable, Sendable, CustomStringConvertible {
        let kind: String
        /// Empty for what belongs to the whole cluster.
        let namespace: String
        let name: String

        var description: String { "\(kind) \(namespace.isEmpty ? name : "\(namespace)/\(name)")" }
    }

    enum Ending: Hashable, Sendable {
        /// It went through, if only as a dry run.
        case through
        /// Nothing carries the revision: removed already, or never there.
        case unknownRevision
        /// It asked whether to detach these proxies, each `pod.namespace`, and nobody answered.
        case proxiesLeft([String])
        /// It asked whether to remove these gateways, and nobody answered.
        case gatewaysLeft([String])
        /// Whatever else it said.
        case unclear(String)
    }

    init(_ text: String) {
        let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmed }
        objects = lines.compactMap(Object.init)
        ending = Ending(lines)
    }

    /// Of a tool that says by its status, too, whether it came through.
    init(_ report: ToolReport) {
        let read = UninstallReport(report.words)
        objects = read.objects
        ending =
            report.exit != 0 && read.ending == .through ? .unclear(report.lastLine) : read.ending
    }

    /// What must outlive a revision's control plane and is in the list: agents that every pod
    /// of a node needs, definitions, namespaces, tags, the default validator, and whatever
    /// runs or is called and is not that istiod: gateways above all.
    func protected(besides revision: Revision) -> [Object] {
        objects.filter { $0.isProtected(besides: revision.named("istiod")) }
    }
}

extension UninstallReport.Object {
    fileprivate func isProtected(besides istiod: String) -> Bool {
        switch kind {
        case "DaemonSet", "StatefulSet", "CustomResourceDefinition", "Namespace": true
        case "Deployment", "Service": name != istiod
        default:
            name == "ztunnel" || name.hasPrefix("istio-cni")
                || name.hasPrefix("istio-revision-tag-") || name == "istiod-default-validator"
        }
    }
}

extension UninstallReport.Object {
    /// Reads `Removed Deployment:istio-system:istiod-1-14.`, and what a dry run says instead.
    fileprivate init?(_ line: Substring) {
        let forms = [("Removed ", "."), ("Not pruning object ", " because of dry run.")]
        guard let form = forms.first(where: { line.hasPrefix($0.0) && line.hasSuffix($0.1) }),
            line.count > form.0.count + form.1.count
        else { return nil }
        let text = line.dropFirst(form.0.count).dropLast(form.1.count)
        guard let object = Self(colons: text) ?? Self(typed: text) else { return nil }
        self = object
    }

    /// Up to 1.23: `Deployment:istio-system:istiod-1-14`.
    private init?(colons text: Substring) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, !parts[2].isEmpty else { return nil }
        self.init(
            kind: String(parts[0]), namespace: String(parts[1]), name: String(parts[2]))
    }

    /// From 1.24 on: `apps/v1, Kind=Deployment/istiod-1-27.istio-system`, where what belongs to
    /// the whole cluster ends with the dot. A namespace has none, a name may have several.
    private init?(typed text: Substring) {
        guard let mark = text.firstRange(of: ", Kind=") else { return nil }
        let rest = text[mark.upperBound...]
        guard let slash = rest.firstIndex(of: "/"), let dot = rest.lastIndex(of: "."),
            slash < dot
        else { return nil }
        let (kind, name) = (rest[..<slash], rest[rest.index(after: slash)..<dot])
        guard !kind.isEmpty, !name.isEmpty else { return nil }
        self.init(
            kind: String(kind), namespace: String(rest[rest.index(after: dot)...]),
            name: String(name))
    }
}

extension UninstallReport.Ending {
    fileprivate init(_ lines: [Substring]) {
        if lines.contains(where: { $0.contains("could not find target revision") }) {
            self = .unknownRevision
        } else if let line = lines.first(where: { $0.isUnreadObject }) {
            self = .unclear(String(line))
        } else if let start = lines.firstIndex(where: { $0.hasPrefix("There are still ") }) {
            let names = lines[(start + 1)...].prefix { !$0.contains(" ") }
            self = .proxiesLeft(names.map(String.init))
        } else if let gateways = lines.lazy.compactMap(gateways).first {
            self = .gatewaysLeft(gateways)
        } else if lines.contains(where: { $0.hasSuffix("Uninstall complete") })
            || lines.allSatisfy({ UninstallReport.Object($0) != nil })
        {
            self = .through
        } else {
            self = .unclear(lines.last.map(String.init) ?? "")
        }
    }
}

/// `You are about to remove the following gateways: a, b. To avoid downtime, …`
private func gateways(_ line: Substring) -> [String]? {
    let beginning = "You are about to remove the following gateways: "
    guard line.hasPrefix(beginning) else { return nil }
    let list = line.dropFirst(beginning.count).prefix { $0 != "." }
    return list.split(separator: ",").map { String($0.trimmed) }
}

extension Substring {
    /// Whether it names an object in words that are none of ours: what it would take along is
    /// not known then.
    fileprivate var isUnreadObject: Bool {
        hasPrefix("Not pruning object ") && UninstallReport.Object(self) == nil
    }

    fileprivate var trimmed: Substring {
        let start = drop { $0 == " " || $0 == "\t" }
        guard let end = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return start[...end]
    }
}
