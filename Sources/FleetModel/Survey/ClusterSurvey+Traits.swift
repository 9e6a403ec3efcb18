// What nobody is shown of a survey, and a rehearsal needs to play the cluster.

extension ClusterSurvey.Owner {
    /// How an owner brings up its pods.
    public struct Traits: Hashable, Sendable, Codable {
        /// Pods it is told to have; `nil` where its kind is not told a number.
        public var replicas: Int?
        public var isPaused = false
        /// `Recreate` or `OnDelete`; `nil` for one that rolls by itself.
        public var strategy: String?
        /// Ordinals of a StatefulSet below this are left alone.
        public var partition: Int?
        public var isOnHostNetwork = false
        /// Whether nothing but their sidecars keeps its pods from their end; `nil` in surveys
        /// older than this field.
        public var isHeldBySidecars: Bool?
        /// Labels of its pods that injectors go by.
        public var injection: [String: String] = [:]

        public init() {}
    }
}

extension ClusterSurvey.Gateway {
    /// What a gateway's Service shows and whom it leads to.
    public struct Front: Hashable, Sendable, Codable {
        public var ports: [Port]
        public var selector: [String: String]

        public init(ports: [Port], selector: [String: String]) {
            (self.ports, self.selector) = (ports, selector)
        }
    }

    public struct Port: Hashable, Sendable, Codable {
        public var name: String
        public var port: Int
        /// `nil` when it is named, or the port itself.
        public var target: Int?

        public init(name: String, port: Int, target: Int?) {
            (self.name, self.port, self.target) = (name, port, target)
        }
    }
}

extension ClusterSurvey {
    /// The Deployment of an Istio operator in the cluster.
    public struct OperatorPods: Hashable, Sendable, Codable {
        /// `namespace/name`.
        public var deployment: String
        public var version: String?
        /// The revision it handles; empty when it handles any.
        public var revision: String
        /// The namespaces it watches, as it is told; empty when it watches all.
        public var watches: String

        public init(deployment: String, version: String?, revision: String, watches: String) {
            (self.deployment, self.version) = (deployment, version)
            (self.revision, self.watches) = (revision, watches)
        }
    }
}
