import Testing

extension CommandLineTests {
    /// Known failures as an operator meets them: a takeover that gets stuck, and `why`.
    @Suite(.serialized) struct FailureRunTests {
        @Test(.lab(clusters: 4))
        func `a gateway without an address, a webhook without trust and a rollout without end`()
            async throws
        {
            try await Project.onLab([4, 1, 2, 3], policy: patientWithAll) { project, lab in
                let cases = [
                    ("lb-address-never-comes", "has no address yet"),
                    ("ca-bundle-missing", "I1: istio-sidecar-injector-1-25 has no caBundle"),
                    ("workload-never-ready", "it exceeded its progress deadline"),
                ]
                for (number, (fault, _)) in zip(1..., cases) {
                    try await lab.breakCluster(Flock.name(number), fault)
                }
                let run = try await project.lead("run", "lab", "--policy", "lab").end()
                #expect([3, 4].contains(run.exit), "\(run.story)")
                for (number, (_, words)) in zip(1..., cases) {
                    let why = try await project.run("why", Flock.name(number))
                    let told = why.output.split(whereSeparator: \.isWhitespace)
                        .joined(separator: " ")
                    #expect(told.contains(words), "\(why.story)")
                }
            }
        }

        /// Nobody waits for those who are stuck, and they stop nobody else.
        private let patientWithAll = """
            rollout: lab
            maxAttempts: 1
            waves:
              - {name: canary, canary: true, clusters: {matchLabels: {role: first}}}
              - name: broken
                clusters: rest
                maxConcurrency: 100%
                maxFailures: 100%
                allowTotalLoss: true
                exposure: soft
                progressDeadline: 60s
            """
    }
}
