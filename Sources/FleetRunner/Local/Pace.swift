/// Waits between polls: a millisecond at first, then a twentieth of the time
/// gone by, at most a tenth of a second. Who is told of the end polls at that pace
/// from the start: each poll takes the processor from what is waited for.
struct Pace {
    let clock: any Clock<Duration>
    private(set) var waited: Duration = .zero

    init(clock: any Clock<Duration>) { self.clock = clock }

    mutating func wait() async {
        let pause = min(max(.milliseconds(1), waited / 20), Self.longest)
        // Sleeping only fails in a cancelled task, and followers never are.
        try? await clock.sleep(for: pause)
        waited += pause
    }

    mutating func wait(forEndOf launch: Launch) async {
        await launch.sleep(Self.longest, on: clock)
        waited += Self.longest
    }

    private static let longest: Duration = .milliseconds(100)
}
