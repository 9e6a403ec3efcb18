/// (b) What a decision costs in fleets of different size.
struct DecisionReport {
    func section() throws -> Section {
        var section = Section(
            "(b) A decision costs what changed, not the size of the fleet",
            columns: ["clusters", "what happens", "median", "p99", "longest", "p99 ÷ p99 at 100"])
        for weather in DecisionCost.Weather.allCases {
            var floor: Duration?
            for size in [100, 1_000, 10_000] {
                let samples = try DecisionCost(shape: shape(size), weather: weather).measure()
                let slow = samples.percentile(99)
                section.add(
                    "\(size)", weather.rawValue, samples.median.words, slow.words,
                    samples.longest.words, slow.times(floor ?? slow))
                floor = floor ?? slow
            }
        }
        section.remark(
            "One wave, 50 clusters at once, one finished attempt per turn: `Engine.receive` less "
                + "the journal's part. The longest is the opening of the wave, or the machine "
                + "looking elsewhere.")
        return section
    }

    private func shape(_ clusters: Int) -> FleetShape {
        FleetShape(name: "\(clusters)", waves: [(clusters, 50)], steps: 10, maxAttempts: 3)
    }
}
