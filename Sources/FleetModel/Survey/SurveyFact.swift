/// One line of a survey, such as the proxies of one revision and version: what two
/// surveys are compared by.
public struct SurveyFact: Hashable, Sendable {
    public let topic: Topic
    /// What the fact is about, unique within its topic.
    public let subject: String
    public let value: String

    /// In the order in which changes are shown.
    public enum Topic: String, Hashable, Sendable, CaseIterable {
        case cluster
        case controlPlane = "control plane"
        case proxies
        case injector
        case namespace
        case owner
        case gateway
        case root
        case trustDomain = "trust domain"
        case budget
        case managed
        case nodeAgent = "node agent"
        case trouble
        case gap = "not read"
    }
}

extension ClusterSurvey {
    /// Everything the survey says, topic by topic.
    public var facts: [SurveyFact] {
        clusterFacts + meshFacts + workloadFacts + trustFacts + managedFacts
    }

    private var clusterFacts: [SurveyFact] {
        [
            SurveyFact(topic: .cluster, subject: "identity", value: identity),
            SurveyFact(topic: .cluster, subject: "version", value: serverVersion),
        ]
    }

    private var meshFacts: [SurveyFact] {
        controlPlanes.map { plane in
            let trouble = plane.trouble.map { ", \($0)" } ?? ""
            return SurveyFact(
                topic: .controlPlane, subject: plane.deployment, value: plane.label + trouble)
        }
            + proxies.map {
                SurveyFact(
                    topic: .proxies, subject: "\($0.kind) \($0.label)", value: "\($0.count)")
            }
            + injectors.map {
                let role = $0.acts ? ", acts by default" : $0.isDefault ? ", a default" : ""
                return SurveyFact(
                    topic: .injector, subject: $0.name, value: "\($0.revision)\(role)")
            }
            + namespaces.flatMap { group in
                let gets = group.gets.map { ", gets \($0)" } ?? ""
                return group.names.map {
                    SurveyFact(
                        topic: .namespace, subject: $0, value: "asks for \(group.asks)\(gets)")
                }
            }
    }

    private var workloadFacts: [SurveyFact] {
        owners.map { owner in
            let proxies = owner.proxies.isEmpty ? "no proxy" : owner.proxies.joined(separator: ", ")
            let remark = owner.restart.reason.map { " (\($0))" } ?? ""
            return SurveyFact(
                topic: .owner, subject: owner.label,
                value: "\(owner.pods) x \(proxies)\(remark)")
        }
            + gateways.map { gateway in
                let address = gateway.address ?? "no address"
                let proxies = gateway.proxies.joined(separator: ", ")
                return SurveyFact(
                    topic: .gateway, subject: gateway.service,
                    value: "\(address), \(gateway.readyEndpoints) ready, \(proxies)")
            }
            + budgets.map {
                SurveyFact(
                    topic: .budget, subject: $0.name,
                    value: "\($0.allowed) allowed\($0.isViolated ? ", violated" : "")")
            }
    }

    private var trustFacts: [SurveyFact] {
        roots.flatMap { set in
            set.fingerprints.map {
                SurveyFact(
                    topic: .root, subject: $0, value: "in \(set.namespaces.count) namespaces")
            }
        }
            + trustDomains.map { SurveyFact(topic: .trustDomain, subject: $0, value: "in use") }
    }

    private var managedFacts: [SurveyFact] {
        (operators + releases).map {
            let revision = $0.revision.map { " at \($0)" } ?? ""
            return SurveyFact(
                topic: .managed, subject: "\($0.kind) \($0.name)", value: $0.state + revision)
        }
            + (sail?.istios ?? []).map {
                let revision = $0.activeRevision.map { ", active \($0)" } ?? ""
                return SurveyFact(
                    topic: .managed, subject: "Istio \($0.name)",
                    value: ($0.version ?? "no version") + revision)
            }
            + nodeAgents.map {
                SurveyFact(
                    topic: .nodeAgent, subject: $0.name, value: $0.version ?? "unknown version")
            }
            + webhookTroubles.map { SurveyFact(topic: .trouble, subject: $0, value: "") }
            + gaps.map { SurveyFact(topic: .gap, subject: $0, value: "") }
    }
}
