import FleetModel

/// Makes the fleet of what the inventory says: fills gaps with defaults, looks up
/// names, and notes what leads nowhere.
struct FleetBuilder {
    private let draft: InventoryDraft
    private let files: any ConfigurationFiles
    private let log: MistakeLog
    private let managementNames: [String]
    private let bastionNames: [String]

    init(_ draft: InventoryDraft, files: any ConfigurationFiles, log: MistakeLog) {
        (self.draft, self.files, self.log) = (draft, files, log)
        managementNames = draft.management.map(\.name)
        bastionNames = draft.bastions.map(\.name.rawValue)
    }

    func fleet() -> Fleet {
        checkNamesOfDefaults()
        checkBastions()
        let clusters = draft.clusters.map(cluster)
        let management = draft.management.map(cluster)
        checkDistinct(clusters)
        return Fleet(
            clusters: clusters, managementClusters: management, bastions: draft.bastions)
    }

    private func cluster(_ entry: ClusterEntry) -> Cluster {
        let defaults = draft.defaults
        let region = entry.region ?? defaults?.region
        let bastion = bastion(of: entry, in: region?.value)
        return Cluster(
            ClusterName(entry.name), context: entry.context.map { KubeContext($0.value) },
            kubeconfig: kubeconfig(of: entry, isRemote: bastion != nil),
            management: management(of: entry),
            registeredName: entry.registeredName?.value, bastion: bastion,
            region: region?.value, labels: labels(of: entry, region: region),
            order: entry.order, hold: entry.hold, waivers: entry.waivers,
            tools: tools(of: entry, behind: bastion))
    }

    // MARK: - Paths

    /// A path is looked up where the commands run: on this machine from the file that names
    /// it, on a bastion from the user's home.
    private func kubeconfig(of entry: ClusterEntry, isRemote: Bool) -> String? {
        guard let path = entry.kubeconfig ?? draft.defaults?.kubeconfig else { return nil }
        return isRemote
            ? remotePath(path.value) : files.resolve(path.value, from: path.place.file)
    }

    /// Commands on a bastion start in the user's home, and no shell fills in a `~`: the
    /// words of a command are quoted.
    private func remotePath(_ path: String) -> String {
        path.hasPrefix("~/") ? String(path.dropFirst(2)) : path
    }

    /// The cluster's own, else those of its bastion, else the default ones.
    private func tools(of entry: ClusterEntry, behind bastion: BastionName?) -> [String: String] {
        let bastions = draft.bastions.first { $0.name == bastion }?.tools ?? [:]
        let defaults = draft.defaults.map { localTools($0, isRemote: bastion != nil) } ?? [:]
        return localTools(entry, isRemote: bastion != nil)
            .merging(bastions) { own, _ in own }
            .merging(defaults) { nearer, _ in nearer }
    }

    /// A bare name such as `kubectl-1.25` is left to the search path.
    private func localTools(_ entry: ClusterEntry, isRemote: Bool) -> [String: String] {
        entry.tools.mapValues { path in
            if isRemote { return remotePath(path) }
            return path.contains("/") ? files.resolve(path, from: entry.file) : path
        }
    }

    // MARK: - Labels

    /// The labels, with the region among them so that a selector can ask for it.
    private func labels(of entry: ClusterEntry, region: Written<String>?) -> [String: String] {
        var labels = entry.labels.merging(draft.defaults?.labels ?? [:]) { own, _ in own }
        guard let region else { return labels }
        if let label = labels["region"], label != region.value {
            let place = draft.sources[entry.kind.rawValue, entry.name, "labels"]
            log.note(.regionLabelDiffers(entry.name, label, region: region.value, at: place))
        }
        labels["region"] = region.value
        return labels
    }

    // MARK: - Names

    private func management(of entry: ClusterEntry) -> ClusterName? {
        guard entry.kind == .workload else { return nil }
        if let own = entry.management, !managementNames.contains(own.value) {
            log.note(
                .unknownManagement(
                    own.value, namedBy: "cluster \(entry.name.quoted)", known: managementNames,
                    at: own.place))
        }
        return (entry.management ?? draft.defaults?.management).map { ClusterName($0.value) }
    }

    /// The cluster's own bastion, else its region's, else the default one.
    private func bastion(of entry: ClusterEntry, in region: String?) -> BastionName? {
        checkBastion(entry.bastion, namedBy: "cluster \(entry.name.quoted)")
        let regional = region.flatMap { draft.regions[$0] ?? nil }
        guard let bastion = entry.bastion ?? regional ?? draft.defaults?.bastion,
            bastion.value != InventoryDraft.noBastion
        else { return nil }
        return BastionName(bastion.value)
    }

    private func checkBastion(_ bastion: Written<String>?, namedBy subject: String) {
        guard let bastion, bastion.value != InventoryDraft.noBastion,
            !bastionNames.contains(bastion.value)
        else { return }
        log.note(
            .unknownBastion(
                bastion.value, namedBy: subject, known: bastionNames, at: bastion.place))
    }

    private func checkNamesOfDefaults() {
        checkBastion(draft.defaults?.bastion, namedBy: "`defaults`")
        for region in draft.regions.keys.sorted() {
            checkBastion(draft.regions[region] ?? nil, namedBy: "region \(region.quoted)")
        }
        guard let management = draft.defaults?.management,
            !managementNames.contains(management.value)
        else { return }
        log.note(
            .unknownManagement(
                management.value, namedBy: "`defaults`", known: managementNames,
                at: management.place))
    }

    // MARK: - Bastion chains

    private func checkBastions() {
        let chains = Dictionary(draft.bastions.map { ($0.name, $0.via) }) { first, _ in first }
        for bastion in draft.bastions {
            guard let via = bastion.via,
                let place = draft.sources["bastions", bastion.name.rawValue, "via"]
            else { continue }
            let written = Written(value: via.rawValue, place: place)
            checkBastion(written, namedBy: "bastion \(bastion.name.rawValue.quoted)")
            if let loop = loop(from: bastion.name, chains) {
                log.note(.bastionLoop(loop.map(\.rawValue), at: place))
            }
        }
    }

    /// The way from a bastion back to itself, if there is one.
    private func loop(
        from start: BastionName, _ chains: [BastionName: BastionName?]
    ) -> [BastionName]? {
        var way = [start]
        while let last = way.last, let next = chains[last] ?? nil {
            way.append(next)
            if next == start { return way }
            if way.count > chains.count { return nil }
        }
        return nil
    }

    // MARK: - Clusters that are one

    /// Two entries for one cluster would have it changed twice at once.
    private func checkDistinct(_ clusters: [Cluster]) {
        var contexts: [[String?]: Cluster] = [:]
        var registered: [[String]: Cluster] = [:]
        for cluster in clusters {
            let way = [
                cluster.bastion?.rawValue, cluster.kubeconfig, cluster.context.rawValue,
            ]
            note(cluster, twinOf: contexts.updateFirst(cluster, forKey: way), sharing: "context")
            guard let management = cluster.management else { continue }
            let name = [management.rawValue, cluster.registeredName]
            note(
                cluster, twinOf: registered.updateFirst(cluster, forKey: name),
                sharing: "registeredName")
        }
    }

    private func note(_ cluster: Cluster, twinOf first: Cluster?, sharing key: String) {
        guard let first else { return }
        log.note(
            .sameCluster(
                cluster.name.rawValue, as: first.name.rawValue, sharing: key,
                at: draft.sources["clusters", cluster.name.rawValue, key]))
    }
}

extension Dictionary {
    /// The value a key already has; without one the key takes the new value.
    fileprivate mutating func updateFirst(_ value: Value, forKey key: Key) -> Value? {
        if let first = self[key] { return first }
        self[key] = value
        return nil
    }
}
