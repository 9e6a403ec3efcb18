/// What was seen of one cluster's mesh by looking, at one moment.
///
/// Every list is in an order of its own that does not change from look to look, so
/// that two surveys of a cluster that stood still are equal.
public struct ClusterSurvey: Hashable, Sendable, Codable {
    /// UID of the kube-system namespace: what a cluster cannot change.
    public var identity = ""
    /// What the API server calls its version, such as `v1.27.3`.
    public var serverVersion = ""
    public var controlPlanes: [ControlPlane] = []
    public var proxies: [ProxyGroup] = []
    public var injectors: [Injector] = []
    public var namespaces: [NamespaceGroup] = []
    /// The owners of pods with a sidecar, and of those that should have one.
    public var owners: [Owner] = []
    public var gateways: [Gateway] = []
    /// Sets of roots of trust, the one that most namespaces have first.
    public var roots: [RootSet] = []
    public var trustDomains: [String] = []
    public var budgets: [Budget] = []
    public var releases: [Managed] = []
    public var operators: [Managed] = []
    /// The Deployments of Istio operators; `nil` in surveys older than this field.
    public var operatorPods: [OperatorPods]?
    /// What the sail operator leads; `nil` where it leads nothing, and in surveys older than this
    /// field.
    public var sail: Sail?
    /// Parts of Istio that each node has one of, with their version.
    public var nodeAgents: [NodeAgent] = []
    /// What is wrong with Istio's webhooks, one sentence each.
    public var webhookTroubles: [String] = []
    /// What could not be read, and why; nothing is known of that.
    public var gaps: [String] = []

    public init() {}
}

extension ClusterSurvey {
    /// An istiod.
    public struct ControlPlane: Hashable, Sendable, Codable {
        public var revision: Revision
        /// `nil` when its image is pinned by digest alone.
        public var version: String?
        /// The Deployment as `namespace/name`.
        public var deployment: String
        /// Why it is not rolled out, as the end of a sentence; `nil` when it is.
        public var trouble: String?

        public init(
            revision: Revision, version: String?, deployment: String, trouble: String? = nil
        ) {
            (self.revision, self.version) = (revision, version)
            (self.deployment, self.trouble) = (deployment, trouble)
        }
    }

    /// Proxies of one kind, revision and version, counted over pods that live.
    public struct ProxyGroup: Hashable, Sendable, Codable {
        /// `sidecar`, `gateway`, `waypoint` or `ztunnel`.
        public var kind: String
        public var revision: Revision?
        public var version: String?
        public var count: Int

        public init(kind: String, revision: Revision?, version: String?, count: Int) {
            (self.kind, self.revision) = (kind, revision)
            (self.version, self.count) = (version, count)
        }
    }

    /// A webhook configuration that injects sidecars.
    public struct Injector: Hashable, Sendable, Codable {
        public var name: String
        public var revision: Revision
        /// The tag it stands for, such as `default`; `nil` for a revision's own.
        public var tag: String?
        /// Whether it is called where nobody named a revision.
        public var isDefault: Bool
        /// Whether it has the last word there.
        public var acts: Bool

        public init(name: String, revision: Revision, tag: String?, isDefault: Bool, acts: Bool) {
            (self.name, self.revision, self.tag) = (name, revision, tag)
            (self.isDefault, self.acts) = (isDefault, acts)
        }
    }

    /// Namespaces that ask for the same and get the same.
    public struct NamespaceGroup: Hashable, Sendable, Codable {
        /// What their labels ask for: `default`, `revision 1-15`, `nothing`, `no sidecars`,
        /// `ambient`.
        public var asks: String
        /// The revision that would inject; `nil` when nobody would.
        public var gets: Revision?
        public var names: [String]
        /// Whether a sidecar is asked for that nobody gives, silently.
        public var isUnanswered: Bool

        public init(asks: String, gets: Revision?, names: [String], isUnanswered: Bool) {
            (self.asks, self.gets) = (asks, gets)
            (self.names, self.isUnanswered) = (names, isUnanswered)
        }
    }

    /// What pods are restarted through.
    public struct Owner: Hashable, Sendable, Codable {
        public var kind: String
        public var namespace: String
        public var name: String
        /// Pods that live.
        public var pods: Int
        /// Revisions and versions of their proxies, each once: `1-15 1.15.3-solo`.
        public var proxies: [String]
        public var restart: Restart
        /// Whether a restart leaves a moment without any pod.
        public var causesDowntime: Bool
        /// `nil` in surveys older than this field.
        public var traits: Traits?

        public init(
            kind: String, namespace: String, name: String, pods: Int, proxies: [String],
            restart: Restart, causesDowntime: Bool = false, traits: Traits? = nil
        ) {
            (self.kind, self.namespace, self.name) = (kind, namespace, name)
            (self.pods, self.proxies) = (pods, proxies)
            (self.restart, self.causesDowntime) = (restart, causesDowntime)
            self.traits = traits
        }

        /// The owner as messages name it.
        public var label: String { "\(kind) \(namespace)/\(name)" }
    }

    /// Whether an owner's pods can be brought anew.
    public struct Restart: Hashable, Sendable, Codable {
        public var standing: Standing
        /// Why not; `nil` when it is possible.
        public var reason: String?

        public enum Standing: String, Hashable, Sendable, Codable {
            case possible
            /// It stays as it is.
            case impossible
            /// It has no sidecar although one is asked for.
            case uninjected
        }

        public static let possible = Restart(standing: .possible, reason: nil)

        public static func impossible(_ reason: String) -> Restart {
            Restart(standing: .impossible, reason: reason)
        }

        public static func uninjected(_ reason: String) -> Restart {
            Restart(standing: .uninjected, reason: reason)
        }
    }

    /// A Service with gateways behind it, or one that leads nowhere any more.
    public struct Gateway: Hashable, Sendable, Codable {
        /// `namespace/name`.
        public var service: String
        public var type: String
        public var address: String?
        public var readyEndpoints: Int
        public var proxies: [String]
        /// `nil` in surveys older than this field.
        public var front: Front?

        public init(
            service: String, type: String, address: String?, readyEndpoints: Int,
            proxies: [String], front: Front? = nil
        ) {
            (self.service, self.type, self.address) = (service, type, address)
            (self.readyEndpoints, self.proxies) = (readyEndpoints, proxies)
            self.front = front
        }

        /// Whether it should have an address that it does not have.
        public var lacksAddress: Bool { type == "LoadBalancer" && address == nil }
        /// Whether nobody is behind it: it costs money and keeps an address.
        public var isOrphan: Bool { proxies.isEmpty }
    }

    public struct RootSet: Hashable, Sendable, Codable {
        /// SHA-256 over each certificate, as 64 hexadecimal digits.
        public var fingerprints: [String]
        public var namespaces: [String]

        public init(fingerprints: [String], namespaces: [String]) {
            (self.fingerprints, self.namespaces) = (fingerprints, namespaces)
        }
    }

    /// A PodDisruptionBudget over pods of the mesh.
    public struct Budget: Hashable, Sendable, Codable {
        /// `namespace/name`.
        public var name: String
        /// How many pods may be evicted now.
        public var allowed: Int
        /// Whether fewer pods are healthy than it asks for.
        public var isViolated: Bool
        /// Labels of the owners whose pods count; `nil` in surveys older than this field.
        public var owners: [String]?

        public init(name: String, allowed: Int, isViolated: Bool, owners: [String]? = nil) {
            (self.name, self.allowed, self.isViolated) = (name, allowed, isViolated)
            self.owners = owners
        }
    }

    /// An object that a controller in the cluster acts on: Flux's or an Istio operator's.
    public struct Managed: Hashable, Sendable, Codable {
        public var kind: String
        /// `namespace/name`.
        public var name: String
        public var state: String
        public var isWell: Bool
        /// The chart's version, the commit, or Istio's revision.
        public var revision: String?
        /// What an IstioOperator asks for: `istiod`, and gateways as `namespace/name`. `nil`
        /// of other kinds, and in surveys older than this field.
        public var installs: [String]?

        public init(
            kind: String, name: String, state: String, isWell: Bool, revision: String?,
            installs: [String]? = nil
        ) {
            (self.kind, self.name, self.state) = (kind, name, state)
            (self.isWell, self.revision, self.installs) = (isWell, revision, installs)
        }
    }

    /// A DaemonSet of Istio's.
    public struct NodeAgent: Hashable, Sendable, Codable {
        /// `namespace/name`.
        public var name: String
        public var version: String?
        /// The revision it is labelled with, by which an uninstall would take it along.
        public var revision: Revision?

        public init(name: String, version: String?, revision: Revision?) {
            (self.name, self.version, self.revision) = (name, version, revision)
        }
    }
}

// MARK: - In short

extension ClusterSurvey {
    public var restartable: [Owner] { owners.filter { $0.restart == .possible } }

    /// Owners that stay as they are, each with its reason.
    public var staying: [Owner] { owners.filter { $0.restart.standing == .impossible } }

    /// Owners without the sidecar that they ask for, each with its reason.
    public var uninjected: [Owner] { owners.filter { $0.restart.standing == .uninjected } }

    /// How many owners of each kind can be restarted, in the order of the kinds.
    public var restartableByKind: [(kind: String, count: Int)] {
        let kinds = Dictionary(grouping: restartable, by: \.kind)
        return kinds.keys.sorted().map { ($0, kinds[$0]?.count ?? 0) }
    }

    /// The injector that has the last word where nobody named a revision.
    public var actingDefault: Injector? { injectors.first(where: \.acts) }
}

extension ClusterSurvey.ControlPlane {
    public var label: String { version.map { "\(revision) \($0)" } ?? "\(revision)" }
}

extension ClusterSurvey.ProxyGroup {
    public var label: String {
        let name = revision?.rawValue ?? "unknown revision"
        return version.map { "\(name) \($0)" } ?? name
    }
}
