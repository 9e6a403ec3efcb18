import FleetModel

/// What one entry of the inventory says of a cluster, before defaults fill its gaps.
struct ClusterEntry {
    /// Whether the entry stands under `clusters`, `management` or `defaults`.
    enum Kind: String {
        case workload = "clusters"
        case management, defaults
    }

    let kind: Kind
    let file: String
    let location: SourceLocation
    var name = ""
    var context: Written<String>?
    var kubeconfig: Written<String>?
    var management: Written<String>?
    var registeredName: Written<String>?
    var region: Written<String>?
    var labels: [String: String] = [:]
    var order: Int?
    var hold: String?
    var waivers: [String: String]?
    var bastion: Written<String>?
    var tools: [String: String] = [:]

    /// `checks` are the numbers of preflight checks that can be waived, if they are known.
    init(_ section: Section<ClusterKey>, kind: Kind, checks: [String]?) {
        (self.kind, location, file) = (kind, section.location, section.location.file)
        context = section.written(.context)
        kubeconfig = section.written(.kubeconfig)
        management = section.written(.management)
        registeredName = section.written(.registeredName)
        region = section.written(.region)
        labels = section.textsByKey(.labels) ?? [:]
        order = section.number(.order, in: 0...Int.max)
        hold = section.reason(.hold)
        waivers = section.waivers(.waivers, among: checks)
        bastion = section.written(.bastion)
        tools = section.tools(.tools)
    }
}

extension Section {
    /// A reason in words. A mere `true` would leave the next operator guessing.
    fileprivate func reason(_ key: Key) -> String? {
        guard let node = node(key) else { return nil }
        switch node.content {
        case .plain("true"), .plain("false"):
            log.note(.wrongType(key.rawValue, should: "the reason in words", got: node))
            return nil
        default: return text(key)
        }
    }

    /// Reasons by the number of a check, such as `P07`. One that nobody asks would waive
    /// nothing, and who wrote it would not be told.
    fileprivate func waivers(_ key: Key, among checks: [String]?) -> [String: String]? {
        let entries = entries(key) ?? []
        for entry in entries where !isCheck(entry.key, among: checks) {
            log.note(.unknownCheck(entry.key, known: checks ?? [], at: entry.keyLocation))
        }
        for entry in entries where ["true", "false"].contains(entry.value.text) {
            log.note(.wrongType(entry.key, should: "the reason in words", got: entry.value))
        }
        return entries.isEmpty ? nil : textsByKey(key)
    }

    private func isCheck(_ number: String, among checks: [String]?) -> Bool {
        number.wholeMatch(of: /P[A-Z0-9][0-9]/) != nil && checks?.contains(number) ?? true
    }

    fileprivate func tools(_ key: Key) -> [String: String] {
        let paths = writtenTools(key).map { ($0.tool.rawValue, $0.path.value) }
        return Dictionary(paths) { first, _ in first }
    }

    /// The paths of tools, each with its place.
    func writtenTools(_ key: Key) -> [(tool: Tool, path: Written<String>)] {
        guard let node = node(key),
            let tools = Section<Tool>(node, title: "`tools`", key: key.rawValue, log: log)
        else { return [] }
        return Tool.allCases.compactMap { tool in tools.written(tool).map { (tool, $0) } }
    }
}
