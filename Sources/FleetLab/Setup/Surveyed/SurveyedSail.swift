import FleetModel

/// The resources of the sail operator in a cluster that was surveyed.
///
/// The operator itself makes the active revisions and whatever belongs to them; the others it has
/// made before.
struct SurveyedSail: Sendable {
    let sail: ClusterSurvey.Sail
    let trustDomain: String
    let store: ClusterStore

    func build() throws(StatusError) {
        for istio in sail.istios {
            let made = try store.create(SailKinds.istios, object(istio))
            for plane in sail.revisions where plane.istio == istio.name && !isActive(plane, istio) {
                try store.create(SailKinds.revisions, object(plane, of: made))
            }
        }
        for plane in sail.revisions where !sail.istios.contains(where: { $0.name == plane.istio }) {
            try store.create(SailKinds.revisions, object(plane, of: nil))
        }
        for tag in sail.tags { try store.create(SailKinds.tags, object(tag)) }
    }

    /// Has revisions go after their grace periods, once all who keep them are there.
    func releaseRevisions() throws(StatusError) {
        for istio in sail.istios {
            try store.update(ObjectKey(SailKinds.istios, name: istio.name)) { object in
                object[path: ["spec", "updateStrategy", Self.grace]] =
                    istio.gracePeriod.map { .int(Int64($0)) }
            }
        }
    }

    private static let grace = "inactiveRevisionDeletionGracePeriodSeconds"

    private func isActive(
        _ plane: ClusterSurvey.Sail.ControlPlane, _ istio: ClusterSurvey.Sail.Istio
    ) -> Bool {
        plane.revision.rawValue == SailController.activeRevision(of: object(istio))
    }

    private func object(_ istio: ClusterSurvey.Sail.Istio) -> JSON {
        Manifest.make(
            "sailoperator.io/v1", "Istio", istio.name,
            [
                "spec": [
                    "version": .string(istio.version ?? "v\(WorkloadSetup.oldVersion)"),
                    "namespace": .string(IstioRevision.space),
                    "updateStrategy": [
                        "type": .string(istio.isRevisionBased ? "RevisionBased" : "InPlace"),
                        "updateWorkloads": .bool(istio.updatesWorkloads),
                        Self.grace: .int(Self.week),
                    ],
                    "values": SailRevision.values(trustDomain: trustDomain),
                ]
            ])
    }

    /// Seconds; longer than any cluster needs to be built.
    private static let week: Int64 = 7 * 86_400

    private func object(_ plane: ClusterSurvey.Sail.ControlPlane, of istio: JSON?) -> JSON {
        var values = SailRevision.values(trustDomain: trustDomain)
        values["revision"] = .string(plane.revision.rawValue)
        var revision = SailRevision.manifest(
            plane.revision.rawValue, version: plane.version ?? "", values)
        if let istio {
            revision[path: ["metadata", "ownerReferences"]] = [Manifest.reference(to: istio)]
        }
        return revision
    }

    private func object(_ tag: ClusterSurvey.Sail.Tag) -> JSON {
        Manifest.make(
            "sailoperator.io/v1", "IstioRevisionTag", tag.name,
            ["spec": ["targetRef": ["kind": .string(tag.kind), "name": .string(tag.target)]]])
    }
}

extension ClusterSurvey.Sail {
    /// Whether the operator brings a revision, and with it whatever injects for it.
    func leads(_ revision: Revision) -> Bool { revisions.contains { $0.revision == revision } }

    func leads(tag: String) -> Bool { tags.contains { $0.name == tag } }
}
