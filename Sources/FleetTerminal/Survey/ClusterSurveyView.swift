public import FleetModel

/// A survey of one cluster, with everything that it holds.
public enum ClusterSurveyView {
    public static func draw(
        _ survey: ClusterSurvey, of cluster: ClusterName, width: Int, style: Style
    ) -> [String] {
        ClusterSurveyPage(survey: survey, cluster: cluster, width: width, style: style)
            .lines.text(width: width, style: style)
    }
}

/// A cluster's page while it is being drawn: a name and what there is of it, part by part.
struct ClusterSurveyPage {
    let survey: ClusterSurvey
    let cluster: ClusterName
    let width: Int
    let style: Style

    var lines: [Line] {
        let indent = (parts.map(\.name.columns).max() ?? 0) + 4
        let heading = Line(cluster.rawValue, .bold) + Line("  \(survey.serverVersion)", .faint)
        return [heading]
            + parts.flatMap { part in
                let rows = part.items.flatMap { $0.printable.wrapped(to: max(20, width - indent)) }
                return rows.enumerated().map { index, row in
                    let name = index == 0 ? Line(part.name, part.ink) : Line()
                    return (name.indented(by: 2)).padded(to: indent) + row
                }
            }
    }

    private typealias Part = (name: String, items: [String], ink: Ink)

    private var parts: [Part] {
        let all: [Part] = [
            ("control planes", planes, .faint), ("proxies", proxies, .faint),
            ("injectors", injectors, .faint), ("namespaces", namespaces, .faint),
            ("to restart", restarts, .faint), ("stays", staying, .faint),
            ("no sidecar", uninjected, .faint), ("gateways", gateways, .faint),
            ("roots", roots, .faint), ("trust domain", survey.trustDomains, .faint),
            ("budgets", budgets, .faint), ("node agents", agents, .faint),
            ("operators", survey.operators.map(words), .faint),
            ("flux", survey.releases.map(words), .faint),
            ("to look at", survey.concerns, .yellow),
        ]
        return all.filter { !$0.items.isEmpty }
    }
}

extension ClusterSurveyPage {
    private var planes: [String] {
        survey.controlPlanes.map { plane in
            "\(plane.label) (\(plane.deployment))" + (plane.trouble.map { ": \($0)" } ?? "")
        }
    }

    private var proxies: [String] {
        survey.proxies.map { "\($0.count) x \($0.kind) \($0.label)" }
    }

    private var injectors: [String] {
        survey.injectors.map { injector in
            let tag = injector.tag.map { ", tag \($0)" } ?? ""
            let role = injector.acts ? ", acts by default" : injector.isDefault ? ", a default" : ""
            return "\(injector.name): revision \(injector.revision)\(tag)\(role)"
        }
    }

    private var namespaces: [String] {
        survey.namespaces.map { group in
            let gets = group.gets.map { "gets \($0)" }
            let outcome = gets ?? (group.isUnanswered ? "nobody answers" : "gets none")
            return "asks for \(group.asks), \(outcome): "
                + group.names.listed(within: max(40, width), style: style)
        }
    }

    private var restarts: [String] {
        let counts = survey.restartableByKind.map { counted($0.count, $0.kind) }
        let single = survey.restartable.filter { $0.pods == 1 }.count
        guard !counts.isEmpty else { return [] }
        return [counts.enumerated + (single > 0 ? ", \(single) of them with a single pod" : "")]
    }

    private var staying: [String] { survey.staying.map(reasoned) }
    private var uninjected: [String] { survey.uninjected.map(reasoned) }

    private func reasoned(_ owner: ClusterSurvey.Owner) -> String {
        "\(owner.label): \(owner.restart.reason ?? "")"
    }

    private var gateways: [String] {
        survey.gateways.map { gateway in
            let address = gateway.address ?? (gateway.lacksAddress ? "no address" : gateway.type)
            let proxies =
                gateway.isOrphan ? "leads nowhere" : gateway.proxies.joined(separator: ", ")
            return "\(gateway.service): \(address), \(gateway.readyEndpoints) ready, \(proxies)"
        }
    }

    private var roots: [String] {
        survey.roots.map { set in
            let fingerprints = set.fingerprints.map { String($0.prefix(16)) }
            return "\(fingerprints.joined(separator: " + ")) in "
                + counted(set.namespaces.count, "namespace")
        }
    }

    private var budgets: [String] {
        survey.budgets.map {
            "\($0.name): \($0.allowed) may be away\($0.isViolated ? ", violated" : "")"
        }
    }

    private var agents: [String] {
        survey.nodeAgents.map { agent in
            let revision = agent.revision.map { ", labelled \($0)" } ?? ""
            return "\(agent.name) \(agent.version ?? "of unknown version")\(revision)"
        }
    }

    private func words(_ managed: ClusterSurvey.Managed) -> String {
        let revision = managed.revision.map { " at \($0)" } ?? ""
        return "\(managed.kind) \(managed.name)\(revision): \(managed.state)"
    }
}
