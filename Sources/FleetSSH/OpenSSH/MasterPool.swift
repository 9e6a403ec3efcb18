import FleetModel

/// The connections of one OpenSSH transport, and who may use which.
actor MasterPool {
    private let openSSH: OpenSSHProgram
    private let limits: OpenSSHLimits
    private let chance: Chance
    private var places: [Place] = []
    private var made = 0
    private(set) var waiting: [FirstValue<Void>] = []
    /// What another try can't make better. sshd counts failed logins.
    private var verdict: SSHTrouble?
    private var failures = 0
    private var cooldown: Task<Void, Never>?
    private var isClosed = false

    private struct Place {
        let master: ControlMaster
        var room: Int
        var used = 0
    }

    init(_ openSSH: OpenSSHProgram, limits: OpenSSHLimits, chance: Chance) {
        (self.openSSH, self.limits, self.chance) = (openSSH, limits, chance)
    }

    deinit { openSSH.directory.remove() }

    /// Waits for room on a connection that is up, and takes it.
    func enter(urgently: Bool) async throws(TransportFailure) -> ControlMaster {
        let master = try await takePlace(urgently)
        do throws(TransportFailure) {
            try await master.getReady()
        } catch {
            if case .notSent(let trouble) = error { failed(master, trouble) }
            leave(master)
            throw error
        }
        failures = 0
        return master
    }

    func leave(_ master: ControlMaster) {
        if let index = place(of: master) { places[index].used -= 1 }
        wakeNext()
    }

    /// The far side had no room, so there is less than was thought.
    func leaveFull(_ master: ControlMaster) {
        if let index = place(of: master) {
            places[index].room = max(1, min(places[index].room, places[index].used - 1))
        }
        leave(master)
    }

    /// The connection is dead, whether its program knows it already or not.
    func retire(_ master: ControlMaster) {
        places.removeAll { $0.master === master }
        wakeNext()
    }

    func close() async {
        isClosed = true
        let masters = places.map(\.master)
        places = []
        for waiter in waiting { waiter.fill(()) }
        for master in masters { await master.close() }
        openSSH.directory.remove()
    }

    private func takePlace(_ urgently: Bool) async throws(TransportFailure) -> ControlMaster {
        while true {
            if Task.isCancelled {
                wakeNext()
                throw .cancelled
            }
            if let verdict { throw .notSent(verdict) }
            guard !isClosed else {
                throw .notSent(SSHTrouble(.unusable, "the connections are closed"))
            }
            places.removeAll { $0.master.hasEnded }
            let index = places.firstIndex { place in
                place.used < (urgently ? place.room : limits.shared(of: place.room))
            }
            if let index {
                places[index].used += 1
                return places[index].master
            }
            if places.count >= limits.connections {
                await wait(urgently)
            } else if let cooldown {
                _ = await cooldown.valueUnlessCancelled
            } else {
                connect()
            }
        }
    }

    private func connect() {
        made += 1
        let master = ControlMaster("c\(made)", openSSH)
        let room = limits.channelsPerConnection + limits.reserve
        places.append(Place(master: master, room: room))
    }

    private func wait(_ urgently: Bool) async {
        let waiter = FirstValue<Void>()
        waiting.insert(waiter, at: urgently ? 0 : waiting.count)
        await withTaskCancellationHandler {
            await waiter.value
        } onCancel: {
            waiter.fill(())
        }
    }

    private func wakeNext() {
        while !waiting.isEmpty {
            let waiter = waiting.removeFirst()
            guard !waiter.isThere else { continue }
            return waiter.fill(())
        }
    }

    private func place(of master: ControlMaster) -> Int? {
        places.firstIndex { $0.master === master }
    }

    /// Everyone who waited for this connection says so; it counts once.
    private func failed(_ master: ControlMaster, _ trouble: SSHTrouble) {
        guard let index = place(of: master) else { return }
        places.remove(at: index)
        guard trouble.isPassing else { return verdict = trouble }
        let pause = min(limits.firstPause * (1 << min(failures, 10)), limits.longestPause)
        failures += 1
        let (length, clock) = (chance.jittered(pause), openSSH.clock)
        cooldown = Task {
            // Nobody cancels it.
            try? await clock.sleep(for: length)
            endCooldown()
        }
    }

    private func endCooldown() {
        cooldown = nil
        wakeNext()
    }
}
