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

    /// What must outlive a control plane and is in the list: agents that every pod of a node
    /// needs, definitions, namespaces, and the gateways that are still wanted, as
    /// `namespace/name`.
    func protected(keeping gateways: Set<String>) -> [Object] {
        objects.filter { object in
            ["DaemonSet", "CustomResourceDefinition", "Namespace"].contains(object.kind)
                || object.name == "ztunnel" || object.name.hasPrefix("istio-cni")
                || gateways.contains("\(object.namespace)/\(object.name)")
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
        let parts = line.dropFirst(form.0.count).dropLast(form.1.count)
            .split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, !parts[2].isEmpty else { return nil }
        self.init(
            kind: String(parts[0]), namespace: String(parts[1]), name: String(parts[2]))
    }
}

extension UninstallReport.Ending {
    fileprivate init(_ lines: [Substring]) {
        if lines.contains(where: { $0.contains("could not find target revision") }) {
            self = .unknownRevision
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
    fileprivate var trimmed: Substring {
        let start = drop { $0 == " " || $0 == "\t" }
        guard let end = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return start[...end]
    }
}
