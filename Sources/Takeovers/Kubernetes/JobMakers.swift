import FleetModel

/// The CronJobs that Jobs come from: whom to ask when one never ends, for the next will not either.
struct JobMakers: Sendable {
    private let makers: [OwnerReference: OwnerReference]

    /// Jobs are read only where one of these is one.
    init(of owners: [OwnerReference], _ view: ClusterView) throws(Pause) {
        guard owners.contains(where: { $0.kind == "Job" }) else {
            makers = [:]
            return
        }
        let jobs = try view.optionalList(APIPath.jobs) ?? []
        let pairs = jobs.compactMap { job in
            OwnerReference(controllerOf: job).map { maker in
                (OwnerReference(kind: "Job", namespace: job.namespace, name: job.name), maker)
            }
        }
        makers = Dictionary(pairs) { first, _ in first }
    }

    subscript(job: OwnerReference) -> OwnerReference? { makers[job] }

    /// `Job shop/report-29112345 of CronJob shop/report`.
    func words(for owner: OwnerReference) -> String {
        "\(owner)" + (makers[owner].map { " of \($0)" } ?? "")
    }
}
