import FleetRunner
import Foundation

/// (d) How long a person waits for nothing.
struct StartUpReport {
    let workshop: Workshop
    let tools: ToolPaths
    let rounds = 30

    func section() throws -> Section {
        let lines = try commandLines()
        var (samples, processor) = (lines.map { _ in Samples() }, lines.map { _ in Samples() })
        for _ in 0..<rounds {
            for (number, line) in lines.enumerated() {
                let end = try run(line.argv)
                samples[number].append(end.elapsed)
                processor[number].append(end.processorTime)
            }
        }
        return section(lines.map(\.words), samples, processor)
    }

    private func commandLines() throws -> [(words: String, argv: [String])] {
        let journal = try workshop.newPath("journal.sqlite")
        let bellwether = workshop.bellwether
        let plan = ["plan", "gloo-1-25", "--policy", "careful", "--journal", journal]
        let kubectl = tools.path(of: "kubectl")
            .map { [("`kubectl version --client`", [$0, "version", "--client"])] }
        return [("`/bin/true`", ["/bin/true"])] + (kubectl ?? []) + [
            ("`bellwether --version`", [bellwether, "--version"]),
            ("`bellwether --help`", [bellwether, "--help"]),
            ("`bellwether plan` on the shipped examples", [bellwether] + plan),
        ]
    }

    private func run(_ argv: [String]) throws -> ChildProcess.End {
        let end = try ChildProcess.run(argv)
        guard end.succeeded else {
            throw BenchmarkFailure(String(decoding: end.errors, as: UTF8.self))
        }
        return end
    }

    private func section(
        _ words: [String], _ samples: [Samples], _ processor: [Samples]
    ) -> Section {
        var section = Section(
            "(d) Start-up",
            columns: ["program", "best", "median", "p90", "÷ first line", "processor time"])
        for (number, word) in words.enumerated() {
            let sample = samples[number]
            section.add(
                word, sample.shortest.words, sample.median.words, sample.percentile(90).words,
                sample.median.times(samples[0].median), processor[number].median.words)
        }
        section.remark("\(rounds) rounds, release build, taking turns.")
        return section
    }
}
