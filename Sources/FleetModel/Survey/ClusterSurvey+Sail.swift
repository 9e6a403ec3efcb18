// What nobody is shown of a survey, and a rehearsal needs to play the sail operator.

extension ClusterSurvey {
    /// What the sail operator was told in a cluster, and which control planes it made of that.
    public struct Sail: Hashable, Sendable, Codable {
        public var istios: [Istio]
        public var revisions: [ControlPlane]
        public var tags: [Tag]

        public init(istios: [Istio], revisions: [ControlPlane], tags: [Tag]) {
            (self.istios, self.revisions, self.tags) = (istios, revisions, tags)
        }

        /// An `Istio`, from which the operator makes revisions.
        public struct Istio: Hashable, Sendable, Codable {
            public var name: String
            /// As it is written there, such as `v1.27.3`.
            public var version: String?
            /// Whether each version gets a control plane of its own.
            public var isRevisionBased: Bool
            public var updatesWorkloads: Bool
            /// Seconds for which a revision stays that nothing uses, where it says.
            public var gracePeriod: Int?
            public var activeRevision: Revision?

            public init(
                name: String, version: String?, isRevisionBased: Bool,
                updatesWorkloads: Bool = false, gracePeriod: Int? = nil,
                activeRevision: Revision? = nil
            ) {
                (self.name, self.version) = (name, version)
                (self.isRevisionBased, self.updatesWorkloads) = (isRevisionBased, updatesWorkloads)
                (self.gracePeriod, self.activeRevision) = (gracePeriod, activeRevision)
            }
        }

        /// An `IstioRevision`.
        public struct ControlPlane: Hashable, Sendable, Codable {
            public var revision: Revision
            public var version: String?
            /// The `Istio` that it was made from; `nil` of one that somebody wrote himself.
            public var istio: String?

            public init(revision: Revision, version: String?, istio: String?) {
                (self.revision, self.version, self.istio) = (revision, version, istio)
            }
        }

        /// An `IstioRevisionTag`, with the kind and name of what it points to.
        public struct Tag: Hashable, Sendable, Codable {
            public var name: String
            public var kind: String
            public var target: String

            public init(name: String, kind: String, target: String) {
                (self.name, self.kind, self.target) = (name, kind, target)
            }
        }
    }
}
