import FleetModel

/// Mistakes in a rollout policy.
extension ConfigurationMistake {
    static func amountOutOfRange(_ key: String, atLeast least: Int, got node: YAMLNode) -> Self {
        let isPercentage = node.text?.hasSuffix("%") ?? false
        let expected = isPercentage ? "from \(least)% to 100%" : "at least \(least)"
        return outOfRange(key, should: expected, got: node.text ?? "", at: node.location)
    }

    static func noWaves(in section: String, at location: SourceLocation) -> Self {
        Self("\(section) has no waves", at: location, hint: "write `waves: [1, 10%, rest]`")
    }

    static func noCanary(at location: SourceLocation) -> Self {
        Self(
            "no wave is a canary", at: location,
            hint: "write `canary: true` in the first wave")
    }

    static func canaryTooLate(_ wave: String, at location: SourceLocation) -> Self {
        Self(
            "wave \(wave.quoted) is a canary after waves that are none", at: location,
            hint: "move it to the front")
    }

    static func canaryTolerates(_ wave: String, at location: SourceLocation) -> Self {
        Self(
            "wave \(wave.quoted) is a canary, and a canary tolerates no failure", at: location,
            hint: "write `maxFailures: 0` or leave it out")
    }

    static func totalLoss(_ wave: String, at location: SourceLocation) -> Self {
        Self(
            "wave \(wave.quoted) tolerates the failure of all its clusters", at: location,
            hint: "lower `maxFailures`, or write `allowTotalLoss: true` if that is meant")
    }

    static func emptyWave(_ wave: String, at location: SourceLocation) -> Self {
        Self("wave \(wave.quoted) takes no clusters", at: location)
    }

    static func waveAfterRest(
        _ wave: String, rest: SourceLocation, at location: SourceLocation
    ) -> Self {
        Self(
            "wave \(wave.quoted) would be empty: the wave at \(rest) takes the rest",
            at: location, hint: "move the wave with `rest` to the end")
    }

    static func clusterInTwoWaves(
        _ cluster: String, first: SourceLocation, at location: SourceLocation
    ) -> Self {
        Self(
            "cluster \(cluster.quoted) is already in the wave at \(first)", at: location,
            hint: "keep it in one wave")
    }

    static func noMembers(_ key: String, got node: YAMLNode) -> Self {
        let expected =
            key == WaveKey.clusters.rawValue
            ? "a selector, a list of names, a number, a percentage or `rest`"
            : "a list of mappings, numbers, percentages or `rest`"
        return wrongType(key, should: expected, got: node)
    }

    static func emptySelector(at location: SourceLocation) -> Self {
        Self(
            "the selector asks for nothing, so it would match every cluster", at: location,
            hint: "write `matchLabels` or `matchExpressions`")
    }

    static func selectorValues(
        _ test: String, want: Bool, at location: SourceLocation
    ) -> Self {
        Self("the operator `\(test)` \(want ? "needs" : "takes no") `values`", at: location)
    }

    static func unknownClusterInWave(
        _ cluster: String, known: [String], at location: SourceLocation
    ) -> Self {
        Self(
            "a wave names cluster \(cluster.quoted), which isn't in the inventory",
            at: location, hint: inventoryHint(cluster, known: known))
    }

    static func selectorMatchesNothing(_ selector: String, at location: SourceLocation) -> Self {
        Self(
            "the selector \(selector.quoted) matches no cluster of the inventory", at: location,
            hint: "compare it with the `labels` of the inventory")
    }

    /// The name that was meant if one is near, else the names there are.
    static func inventoryHint(_ name: String, known: [String]) -> String? {
        if known.isEmpty { return nil }
        if known.count <= namesListed {
            return "the inventory has \(known.sorted().joined(separator: ", "))"
        }
        return NearestWord.to(name, among: known.sorted()).map { "did you mean \($0.quoted)?" }
    }

    /// More names than this in a hint hide the one that was meant.
    private static var namesListed: Int { 8 }
}
