import FleetModel

extension BastionSurvey {
    /// What would go wrong on this bastion, each with what to do about it.
    func warnings(clusters: [Cluster], skew: Duration?) -> [String] {
        let killing =
            "logind ends what a user leaves running (KillUserProcesses=yes), and so durable "
            + "commands with their connection: add the user to KillExcludeUsers in logind.conf"
        return obstacles(clusters: clusters, skew: skew) + (killsUserProcesses ? [killing] : [])
    }

    /// Those of them over which nothing is started there.
    func obstacles(clusters: [Cluster], skew: Duration?) -> [String] {
        var obstacles = Self.neededTools.filter { tools[$0] == nil }.map {
            "it has no `\($0)`, which durable commands need: install util-linux and coreutils"
        }
        if tools["kubectl"] == nil, !clusters.isEmpty {
            obstacles.append("it has no `kubectl`: install it, or give its path under `tools`")
        }
        obstacles += missingContexts(clusters)
        if let skew, skew > .seconds(60) || skew < .seconds(-60) {
            obstacles.append("its clock is \(skew < .zero ? "behind" : "ahead"): set it by NTP")
        }
        if let freeKilobytes, freeKilobytes < Self.leastKilobytes {
            obstacles.append(
                "only \(freeKilobytes / 1_024) MB are free where the files of jobs are")
        }
        return obstacles
    }

    /// One for each kubeconfig that lacks something: it is there that it must be mended.
    private func missingContexts(_ clusters: [Cluster]) -> [String] {
        let missing = clustersWithoutContext(clusters)
        let files = Set(missing.map { $0.kubeconfig ?? "" }).sorted()
        return files.map { file in
            let here = missing.filter { ($0.kubeconfig ?? "") == file }.map { cluster in
                cluster.name.rawValue == cluster.context.rawValue
                    ? cluster.name.rawValue : "\(cluster.context) (\(cluster.name))"
            }
            let place = file.isEmpty ? "its kubeconfig" : "\(file) there"
            return "\(place) has no context \(here.joined(separator: ", "))"
        }
    }

    /// Room for the output of a few hundred commands.
    private static let leastKilobytes: Int64 = 100 << 10
}
