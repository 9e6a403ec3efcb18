import FleetModel

/// What a release consists of, as far as its removal can do harm.
///
/// The manifest is the YAML that the chart rendered. Only the kind and the name of each
/// object are read, wherever they stand at the left margin and below `metadata`.
struct ReleaseManifest: Hashable, Sendable {
    let objects: [Object]

    struct Object: Hashable, Sendable, CustomStringConvertible {
        let kind: String
        let name: String
        var description: String { "\(kind) \(name)" }
    }

    init(_ text: String) {
        var objects: [Object] = []
        var lines: [Substring] = []
        let all: [Substring] =
            text.split(separator: "\n", omittingEmptySubsequences: false) + ["---"]
        for line in all {
            guard line.hasPrefix("---") else {
                lines.append(line)
                continue
            }
            if let object = Object(lines) { objects.append(object) }
            lines = []
        }
        self.objects = objects
    }

    /// What must outlive a control plane, and would go with it.
    var protected: [Object] {
        objects.filter { object in
            protectedKinds.contains(object.kind) || object.name == "ztunnel"
                || object.name.hasPrefix("istio-revision-tag-")
                || object.name.hasPrefix("istiod-revision-tag-")
                || object.name.contains("gateway") && object.kind == "Deployment"
        }
    }
}

/// Resources' definitions, whole namespaces, and agents that every pod of a node needs.
private let protectedKinds: Set<String> = ["CustomResourceDefinition", "Namespace", "DaemonSet"]

extension ReleaseManifest.Object {
    fileprivate init?(_ lines: [Substring]) {
        let content = lines.filter { !$0.hasPrefix("#") }
        // JSON is YAML too, and some charts render it.
        if let json = JSON(parsing: content.joined(separator: "\n")),
            let kind = json["kind"]?.string
        {
            self.init(kind: kind, name: json.name)
            return
        }
        guard let kind = content.lazy.compactMap({ value(of: "kind", in: $0) }).first else {
            return nil
        }
        let metadata = content.drop { !$0.hasPrefix("metadata:") }.dropFirst()
        let own = metadata.prefix { $0.isEmpty || $0.hasPrefix(" ") }
        let indent = own.first { !$0.isEmpty }?.prefix { $0 == " " }.count ?? 0
        let names = own.lazy.compactMap { line -> String? in
            guard line.prefix(while: { $0 == " " }).count == indent else { return nil }
            return value(of: "name", in: line.dropFirst(indent))
        }
        self.init(kind: kind, name: names.first ?? "")
    }
}

/// The scalar behind a key at the start of a line.
private func value(of key: String, in line: Substring) -> String? {
    guard line.hasPrefix("\(key):") else { return nil }
    let text = line.dropFirst(key.count + 1).filter { $0 != "\"" && $0 != "'" }
    let value = text.drop { $0 == " " }
    return value.isEmpty ? nil : String(value.prefix { $0 != " " && $0 != "\r" })
}
