import FleetModel

/// Builds one cluster at a time.
struct LabBuilder: Sendable {
    private let configuration: LabConfiguration
    private let base: any LabClock

    init(_ configuration: LabConfiguration, _ clock: any LabClock) {
        self.configuration = configuration
        base = clock
    }

    func management(
        _ cluster: LabCluster, registered: [String]
    ) throws(StatusError) -> ClusterWorld {
        let clock = StartingClock(base)
        let world = world(
            of: cluster, clock, nil,
            StandardControllers.all + [GlooRegistration(), ConflictStorm()])
        if let recording = cluster.recording {
            try RecordedSetup(cluster: cluster, recording: recording, store: world.store).build()
        } else {
            try ManagementSetup(cluster: cluster, registered: registered, store: world.store)
                .build()
            settle(world, clock)
        }
        clock.join()
        return world
    }

    func workload(
        _ cluster: LabCluster, management: ClusterStore?
    ) throws(StatusError) -> ClusterWorld {
        if let survey = cluster.survey { return try played(cluster, survey, management) }
        if let recording = cluster.recording {
            return try recorded(cluster, recording, management)
        }
        guard configuration.kind != .bigBang else { return try bigBang(cluster) }
        let clock = StartingClock(base)
        let world = world(
            of: cluster, clock, management,
            StandardControllers.all + [GlooAgent(), SailController(), ConflictStorm()])
        let setup = WorkloadSetup(
            cluster: cluster, store: world.store, isSmall: configuration.isSmall,
            hasRareKinds: configuration.hasRareKinds, kind: configuration.kind)
        try setup.buildMesh()
        settle(world, clock)
        try setup.buildApplications()
        settle(world, clock)
        clock.join()
        return world
    }

    /// Whatever installed its mesh goes on leading it.
    private func played(
        _ cluster: LabCluster, _ survey: ClusterSurvey, _ management: ClusterStore?
    ) throws(StatusError) -> ClusterWorld {
        let clock = StartingClock(base)
        let flux = survey.isBigBang ? FluxControllers.all : []
        let world = world(
            of: cluster, clock, management,
            StandardControllers.all + flux + [GlooAgent(), SailController(), ConflictStorm()])
        let setup = SurveyedSetup(
            cluster: cluster, survey: survey, store: world.store,
            isHelms: configuration.kind == .revision)
        for stage in setup.stages {
            try setup.build(stage)
            settle(world, clock)
        }
        clock.join()
        return world
    }

    /// It is not left to settle: what was under way when it was recorded goes on once it is
    /// served.
    private func recorded(
        _ cluster: LabCluster, _ recording: Recording, _ management: ClusterStore?
    ) throws(StatusError) -> ClusterWorld {
        let clock = StartingClock(base)
        let flux = recording.isBigBang ? FluxControllers.all : []
        let world = world(
            of: cluster, clock, management,
            StandardControllers.all + flux + [GlooAgent(), SailController(), ConflictStorm()])
        try RecordedSetup(
            cluster: cluster, recording: recording, store: world.store, management: management
        ).build()
        clock.join()
        return world
    }

    private func bigBang(_ cluster: LabCluster) throws(StatusError) -> ClusterWorld {
        let clock = StartingClock(base)
        let world = world(of: cluster, clock, nil, StandardControllers.all + FluxControllers.all)
        let setup = BigBangSetup(
            cluster: cluster, store: world.store,
            edition: BigBangEdition(version: configuration.bigBang),
            isSmall: configuration.isSmall, hasRareKinds: configuration.hasRareKinds)
        try setup.buildMesh()
        settle(world, clock)
        try setup.buildApplications()
        settle(world, clock)
        clock.join()
        return world
    }

    private func world(
        of cluster: LabCluster, _ clock: StartingClock, _ management: ClusterStore?,
        _ controllers: [any Controller]
    ) -> ClusterWorld {
        let store = ClusterStore(
            cluster: cluster.registeredName, clock: clock, seed: cluster.seed)
        return ClusterWorld(
            store: store, management: management, seed: cluster.seed, pace: configuration.pace,
            controllers: controllers)
    }

    /// Goes from one due moment to the next until nothing is due, or half an hour has passed.
    private func settle(_ world: ClusterWorld, _ clock: StartingClock) {
        let end = clock.now + 1800
        while let due = world.advance(to: clock.now), due < end { clock.set(due) }
    }
}
