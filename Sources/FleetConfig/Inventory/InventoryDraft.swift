import FleetModel

/// Everything the files of an inventory say, gathered before any of it is looked up.
struct InventoryDraft {
    var defaults: ClusterEntry?
    var clusters: [ClusterEntry] = []
    var management: [ClusterEntry] = []
    var bastions: [Bastion] = []
    /// The bastion of each region; `nil` for a region that says nothing of one.
    var regions: [String: Written<String>?] = [:]
    var sources = SourceMap()
    private let files: any ConfigurationFiles
    /// The numbers of preflight checks that can be waived, if they are known.
    private let checks: [String]?
    private let log: MistakeLog
    /// Where each name was first given, by kind and name.
    private var taken: [[String]: SourceLocation] = [:]

    init(files: any ConfigurationFiles, checks: [String]? = nil, log: MistakeLog) {
        (self.files, self.checks, self.log) = (files, checks, log)
    }

    mutating func take(_ document: YAMLNode) {
        guard
            let inventory = Section<InventoryKey>(
                document, title: "the inventory", key: "the inventory", log: log)
        else { return }
        if let node = inventory.node(.defaults) { takeDefaults(node) }
        for node in inventory.list(.bastions) ?? [] { takeBastion(node) }
        for entry in inventory.entries(.regions) ?? [] { takeRegion(entry) }
        for node in inventory.list(.management) ?? [] { takeCluster(node, kind: .management) }
        for node in inventory.list(.clusters) ?? [] { takeCluster(node, kind: .workload) }
    }

    private mutating func takeDefaults(_ node: YAMLNode) {
        guard
            let section = Section<ClusterKey>(
                node, title: "`defaults`", key: "defaults", keys: ClusterKey.ofDefaults, log: log)
        else { return }
        if let first = defaults?.location {
            return log.note(.duplicateKey("defaults", first: first, at: node.location))
        }
        section.record(under: ["defaults"], in: &sources)
        defaults = ClusterEntry(section, kind: .defaults, checks: checks)
    }

    private mutating func takeCluster(_ node: YAMLNode, kind: ClusterEntry.Kind) {
        let keys = kind == .management ? ClusterKey.ofManagement : Array(ClusterKey.allCases)
        let noun = kind == .management ? "management cluster" : "cluster"
        let title = noun + node.nameInTitle
        guard
            let section = Section<ClusterKey>(
                node, title: title, key: kind.rawValue, keys: keys, log: log)
        else { return }
        section.require(.name)
        var entry = ClusterEntry(section, kind: kind, checks: checks)
        guard let name = section.name(.name, .ours),
            claim("cluster", name, at: section.place(of: .name))
        else { return }
        entry.name = name
        section.record(under: [kind.rawValue, name], in: &sources)
        if kind == .management { management.append(entry) } else { clusters.append(entry) }
    }

    private mutating func takeBastion(_ node: YAMLNode) {
        guard
            let section = Section<BastionKey>(
                node, title: "bastion" + node.nameInTitle, key: "bastions", log: log)
        else { return }
        section.require(.name)
        let entry = BastionEntry(section, files: files)
        guard let name = section.name(.name, .ours),
            claim("bastion", name, at: section.place(of: .name))
        else { return }
        if name == Self.noBastion {
            log.note(.bastionNamedNone(at: section.place(of: .name)))
        }
        section.record(under: ["bastions", name], in: &sources)
        bastions.append(entry.bastion(called: BastionName(name)))
    }

    private mutating func takeRegion(_ entry: YAMLEntry) {
        guard
            let section = Section<RegionKey>(
                entry.value, title: "region \(entry.key.shown)", key: entry.key, log: log),
            claim("region", entry.key, at: entry.keyLocation)
        else { return }
        section.record(under: ["regions", entry.key], in: &sources)
        regions[entry.key] = section.written(.bastion)
    }

    /// Notes a name that is taken; says whether it was free.
    private mutating func claim(_ kind: String, _ name: String, at place: SourceLocation) -> Bool {
        guard let first = taken[[kind, name]] else {
            taken[[kind, name]] = place
            return true
        }
        log.note(.duplicateName(kind, name, first: first, at: place))
        return false
    }

    /// What a cluster writes to be reached directly in spite of the defaults.
    static let noBastion = "none"
}

extension YAMLNode {
    /// The entry's own name for an error to call it by, if it has one.
    fileprivate var nameInTitle: String {
        guard case .mapping(let entries) = content,
            let name = entries.first(where: { $0.key == "name" })?.value.text
        else { return "" }
        return " \(name.shown)"
    }
}
