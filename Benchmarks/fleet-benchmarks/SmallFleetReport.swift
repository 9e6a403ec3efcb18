/// (a) The shape KubeFleet published a figure for.
struct SmallFleetReport {
    let workshop: Workshop
    let rounds = 7

    func section() throws -> Section {
        var (elapsed, longest) = (Samples(), Samples())
        for _ in 0..<rounds {
            let path = try workshop.newPath("journal.sqlite")
            let lead = try workshop.child(
                ["lead", FleetShape.kubeFleet.name, path], FleetFigures.self)
            elapsed.append(lead.figures.elapsed)
            longest.append(lead.figures.decisionLongest)
        }
        var section = Section(
            "(a) 100 clusters, waves of 20, 30 and 50, half of each at once, 10 steps",
            columns: ["what", "median", "slowest", "peer", "peer ÷ median", "aim"])
        section.add(
            "end to end, plan to completed", elapsed.median.words, elapsed.longest.words,
            "96 s (KubeFleet, p90)", Duration.seconds(96).times(elapsed.median), "< 2 s")
        section.remark(
            "KubeFleet's 96 s is quoted, not measured here: it is what the project publishes for "
                + "this shape, on its own clusters and over a network. It says what people are used "
                + "to, not that our steps would be faster.")
        section.remark("\(rounds) rounds; the longest decision took \(longest.longest.words).")
        return section
    }
}
