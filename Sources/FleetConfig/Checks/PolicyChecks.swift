import FleetModel

/// Notes what a policy asks of a fleet that the fleet can't give.
struct PolicyChecks {
    let policy: Located<Policy>
    let fleet: Located<Fleet>

    func mistakes() -> [ConfigurationMistake] {
        let phases = policy.value.phases
        return selectionMistakes + windowMistakes
            + mistakes(in: policy.value.waves, under: ["waves"])
            + phases.keys.sorted().flatMap { phase in
                mistakes(in: phases[phase] ?? [], under: ["phases", phase, "waves"])
            }
    }

    private var selectionMistakes: [ConfigurationMistake] {
        guard let selector = policy.value.clusters else { return [] }
        return unmatched(selector, at: ["clusters"])
    }

    /// A slip in a selector would leave a freeze without anybody who keeps it.
    private var windowMistakes: [ConfigurationMistake] {
        let rules = policy.value.windows?.rules ?? []
        return WindowRule.Effect.allCases.flatMap { effect in
            rules.filter { $0.effect == effect }.enumerated().flatMap { index, rule in
                let path = ["windows", effect.rawValue, "\(index)", "clusters"]
                return rule.clusters.map { unmatched($0, at: path) } ?? []
            }
        }
    }

    private func mistakes(
        in waves: [WavePolicy], under path: [String]
    ) -> [ConfigurationMistake] {
        waves.enumerated().flatMap { index, wave -> [ConfigurationMistake] in
            let path = path + ["\(index)", "clusters"]
            switch wave.members {
            case .named(let names): return unknownNames(names, at: path)
            case .matching(let selector): return unmatched(selector, at: path)
            case .size, .rest: return []
            }
        }
    }

    private func unknownNames(_ names: [ClusterName], at path: [String]) -> [ConfigurationMistake] {
        let known = Set(fleet.value.clusters.map(\.name))
        return names.enumerated().filter { !known.contains($1) }.compactMap { index, name in
            policy.sources.location(of: path + ["\(index)"]).map { place in
                .unknownClusterInWave(
                    name.rawValue, known: known.map(\.rawValue).sorted(), at: place)
            }
        }
    }

    private func unmatched(_ selector: Selector, at path: [String]) -> [ConfigurationMistake] {
        let isMatched = fleet.value.clusters.contains { selector.matches($0.labels) }
        guard !isMatched, let place = policy.sources.location(of: path) else { return [] }
        return [.selectorMatchesNothing(selector.description, at: place)]
    }
}
