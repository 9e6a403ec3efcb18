import FleetModel

/// Who asks the old control plane for its configuration and is led over by no step: what the proof
/// before the removal will stumble over.
extension PreflightChecks {
    /// Whether a step leads ztunnel over differs from one takeover to the next.
    func outside(_ machines: OutsideMachines, leadsTunnel: Bool = false) -> [Finding] {
        self.machines(machines) + (leadsTunnel ? [] : tunnels) + waypoints
    }

    private func machines(_ machines: OutsideMachines) -> [Finding] {
        machines.groups.map {
            .warn(
                "P06",
                "machines of WorkloadGroup \($0) may use \(move.old), which would not be retired: "
                    + "lead them over, then name it in the parameter \"waived\"")
        }
            + machines.entries.map {
                .note("P06", "WorkloadEntry \($0) may be a machine that uses \(move.old)")
            }
    }

    private var tunnels: [Finding] {
        let names = owners(of: .ztunnel)
        guard !names.isEmpty else { return [] }
        return [
            .warn(
                "P06",
                "\(names.summary) asks the istiod of \(move.old), which would not be retired: "
                    + "lead ztunnel over by the value `revision` of its chart")
        ]
    }

    /// An istiod makes them from Gateways, by the revision that those or their namespaces name.
    private var waypoints: [Finding] {
        let names = owners(of: .waypoint)
        guard !names.isEmpty else { return [] }
        return [
            .warn(
                "P06",
                "waypoints of \(move.old), which would not be retired: \(names.summary); label "
                    + "their Gateways istio.io/rev=\(move.revision) once that is there")
        ]
    }

    private func owners(of kind: Proxy.Kind) -> [String] {
        facts.workloads.all.filter { workload in
            workload.pods.contains { pod in
                pod.proxy?.kind == kind && pod.proxy?.revision == move.old
                    && !move.settings.isWaived(pod)
            }
        }.map { "\($0.owner)" }
    }
}
