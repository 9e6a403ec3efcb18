/// Waits between polls: a millisecond at first, then a twentieth of the time
/// gone by, at most a tenth of a second.
struct Pace {
    let clock: any Clock<Duration>
    private(set) var waited: Duration = .zero

    init(clock: any Clock<Duration>) { self.clock = clock }

    mutating func wait() async {
        let pause = min(max(.milliseconds(1), waited / 20), .milliseconds(100))
        // Sleeping only fails in a cancelled task, and followers never are.
        try? await clock.sleep(for: pause)
        waited += pause
    }
}
