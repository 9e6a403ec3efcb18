import FleetRunner
import Foundation

/// (d) How long a person waits for nothing.
struct StartUpReport {
    let workshop: Workshop
    let tools: ToolPaths
    let rounds = 30

    func section() throws -> Section {
        let lines = try commandLines()
        var samples = lines.map { _ in Samples() }
        for _ in 0..<rounds {
            for (number, line) in lines.enumerated() {
                samples[number].append(try elapsed(line.argv))
            }
        }
        return section(lines.map(\.words), samples)
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

    private func elapsed(_ argv: [String]) throws -> Duration {
        let end = try ChildProcess.run(argv)
        guard end.succeeded else {
            throw BenchmarkFailure(String(decoding: end.errors, as: UTF8.self))
        }
        return end.elapsed
    }

    private func section(_ words: [String], _ samples: [Samples]) -> Section {
        var section = Section(
            "(d) Start-up", columns: ["program", "median", "p90", "÷ first line"])
        for (word, sample) in zip(words, samples) {
            section.add(
                word, sample.median.words, sample.percentile(90).words,
                sample.median.times(samples[0].median))
        }
        section.remark("\(rounds) rounds, release build, taking turns.")
        return section
    }
}
