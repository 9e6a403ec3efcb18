import Foundation
import Testing

extension CommandLineTests {
    /// Known failures that come up on the way, each on a cluster of its own: one that is led
    /// through its troubles to the end, and others that each stop at theirs.
    @Suite(.serialized) struct StagedFailureTests {
        private static let (first, slow, bare) = (Flock.name(1), Flock.name(2), Flock.name(3))

        @Test(.lab(clusters: 3))
        func `what goes wrong on the way stops its own cluster, and is told`() async throws {
            try await Project.onLab([1, 2, 3], policy: Self.patientWithAll) { project, lab in
                try arrange(project, lab)
                try await lab.breakCluster(Self.slow, "requests-fail")
                let pods = try await lab.prepare(Self.first)
                let run = try project.lead("run", "lab", "--policy", "lab")
                try await leadThrough(run, project, lab)
                let end = try await run.end()
                #expect(end.exit == 4, "\(end.story)")
                try await expectStopped(project, lab)
                try await expectRemoval(project, lab)
                try await expectWhole(pods, project, lab)
            }
        }

        /// Leads the first cluster by its troubles, each once it has been told.
        private func leadThrough(
            _ run: LeadingProgram, _ project: Project, _ lab: Lab
        ) async throws {
            try await run.reaches(step: "deactivate-old-injector", of: Self.first)
            try await Patience.until("a second answer to the old operator") {
                let patches = try lab.changes(of: [Self.first]).filter {
                    $0.object?.hasSuffix("/istio-sidecar-injector") == true
                }
                return patches.count > 1 ? true : nil
            }
            #expect(try lab.restarts(on: Self.first).isEmpty)
            try await lab.mend(Self.first, "operator-restores-injector")
            try await run.reaches(step: "restart-workloads", of: Self.first)
            try await Patience.until("the last restart") {
                try await lab.kubectl(
                    Self.first, "-n", "telemetry", "get", "daemonset/node-agent", "-o",
                    "jsonpath={.spec.template.metadata.annotations}"
                ).isEmpty ? nil : true
            }
            try await Patience.until("a word on the Job") {
                let words = "so its end is waited for: Job telemetry/import"
                return try await project.told(of: Self.first).contains(words) ? true : nil
            }
            try await lab.run("later", of: "digest", on: Self.first)
            try await lab.mend(Self.first, "workload-never-ready")
        }

        /// The old control plane stays as long as its operator can't see who uses it.
        private func expectRemoval(_ project: Project, _ lab: Lab) async throws {
            let told = try await project.told(of: Self.first)
            let words = "cannot go: failed to get proxy status: pods \"istiod\" is forbidden"
            #expect(told.contains(words), "\(told)")
            #expect(told.contains("`kubectl -n istio-operator logs deployment/istio-operator`"))
            try await lab.mend(Self.first)
            _ = try await lab.kubectl(
                Self.first, "-n", "istio-system", "wait", "--for=delete", "--timeout=300s",
                "istiooperator/control-plane")
            let id = try await project.status().run
            let resumed = try await project.lead("resume", id).end()
            #expect(resumed.exit == 3, "\(resumed.story)")
        }

        /// What nobody may restart was not, and what is left to do is told when all is over.
        private func expectWhole(
            _ before: [String], _ project: Project, _ lab: Lab
        ) async throws {
            #expect(try await lab.untouched(Self.first) == before)
            #expect(before.count == 3, "\(before)")
            let told = try await project.told(of: Self.first)
            let words = "take topology.istio.io/network off Service istio-gateways/crossing, which"
            #expect(told.contains(words), "\(told)")
            let later = try await lab.kubectl(
                Self.first, "-n", "telemetry", "get", "pods", "-l", "job-name=later", "-o",
                #"jsonpath={.items[*].metadata.annotations.istio\.io/rev}"#)
            #expect(later == "1-25")
        }

        private func expectStopped(_ project: Project, _ lab: Lab) async throws {
            let claims = [
                (Self.slow, "/users/edge-02/shop/cart fail: fails, 5 of 5: HTTP 503"),
                (Self.bare, "I3: Deployment shop/cart lost its sidecars: 2 of 2 pods have none"),
            ]
            for (cluster, words) in claims {
                let told = try await project.told(of: cluster)
                #expect(told.contains(words), "\(words) in \(told)")
                #expect(
                    try lab.restarts(on: cluster).allSatisfy { $0.hasSuffix("/shop/cart") },
                    "nothing after it")
            }
        }

        /// Probes for all, and what somebody does to one cluster after the flip: pods there
        /// refuse their sidecars.
        private func arrange(_ project: Project, _ lab: Lab) throws {
            let path = "Policies/Takeovers/lab.yaml"
            let users = "http://127.0.0.1:\(try lab.port)/users/${cluster}/shop/cart"
            let takeover = try project.text(of: path).replacing(
                "parameters:\n",
                with: "parameters:\n  testTraffic: false\n  probes: [\"\(users)\"]\n")
            try project.write(takeover + Self.slip, to: path)
        }

        private static let slip = """
            steps:
              - name: refuse-sidecars
                after: takeover/deactivate-old-injector
                observe:
                  get: /api/v1/namespaces/shop/pods?labelSelector=app%3Dcart
                  expect: >-
                    $cluster != "\(bare)" or all(.items[].metadata.labels;
                    .["sidecar.istio.io/inject"] == "false")
                act:
                  run:
                    - kubectl
                    - -n
                    - shop
                    - patch
                    - deployment/cart
                    - -p
                    - '{"spec":{"template":{"metadata":{"labels":{"sidecar.istio.io/inject":"false"}}}}}'

            """

        /// Those who fail stop nobody else.
        private static let patientWithAll = """
            rollout: lab
            maxAttempts: 1
            defaults: {gate: {approval: false}}
            waves:
              - {name: canary, canary: true, clusters: {matchLabels: {role: first}}}
              - name: others
                clusters: rest
                maxConcurrency: 100%
                maxFailures: 100%
                allowTotalLoss: true
                exposure: soft
            """
    }
}

extension Lab {
    /// An operator that defends its injector, a Job that works for long, a Service of somebody's
    /// own that announces the network's address, and workloads without sidecars. Returns what no
    /// takeover may touch.
    fileprivate func prepare(_ cluster: String) async throws -> [String] {
        for fault in ["operator-restores-injector", "operator-refuses"] {
            try await breakCluster(cluster, fault)
        }
        try await breakCluster(cluster, "workload-never-ready", setting: "owner=telemetry/import")
        _ = try await kubectl(
            cluster, "apply", "--validate=false", "-f", "-", input: Self.objects)
        return try await Patience.until("pods without sidecars") {
            let pods = try await untouched(cluster)
            return pods.count == 3 ? pods : nil
        }
    }

    /// The bare pod, and those that want no sidecar or can have none, with their uids.
    fileprivate func untouched(_ cluster: String) async throws -> [String] {
        let pods = try await kubectl(
            cluster, "get", "pods", "-A", "-o",
            "jsonpath={range .items[*]}{.metadata.name} {.metadata.uid} {.status.phase}{'\\n'}{end}"
        )
        let names = ["debug-shell", "refusing", "hosted"]
        return pods.split(separator: "\n").map(String.init).filter { line in
            names.contains { line.hasPrefix($0) } && line.hasSuffix("Running")
        }
    }

    /// What was restarted of the shop and whatever else is moved.
    fileprivate func restarts(on cluster: String) throws -> [String] {
        try changes(of: [cluster]).compactMap(\.object).filter { object in
            ["/shop/", "/telemetry/"].contains(where: object.contains)
                && ["deployments", "statefulsets", "daemonsets"].contains(where: object.hasPrefix)
        }
    }

    private static let objects = """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: import, namespace: telemetry}
        spec:
          template:
            spec:
              restartPolicy: Never
              containers: [{name: work, image: "work:1", command: [sh, -c, "work; quitquitquit"]}]
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: crossing
          namespace: istio-gateways
          labels: {topology.istio.io/network: network-1}
        spec:
          type: LoadBalancer
          selector: {istio: eastwestgateway}
          ports: [{name: tls, port: 15443}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: refusing, namespace: shop, labels: {sidecar.istio.io/inject: "false"}}
        spec: {containers: [{name: plain, image: "plain:1"}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: hosted, namespace: shop}
        spec: {hostNetwork: true, containers: [{name: plain, image: "plain:1"}]}
        """
}

extension Project {
    /// What `why` says of a cluster, in one line.
    fileprivate func told(of cluster: String) async throws -> String {
        try await run("why", cluster).output.split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
    }
}
