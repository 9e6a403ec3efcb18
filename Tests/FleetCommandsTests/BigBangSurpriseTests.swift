import Foundation
import Testing

/// What comes otherwise than expected on Big Bang's way, and in which words it is told.
@Suite(.serialized, .enabled(if: Program.hasKubectl, "kubectl isn't installed"))
struct BigBangSurpriseTests {
    private static let cluster = "edge-01"
    private static let gateway = "public-ingressgateway"

    @Test func `another version than expected is told once users come in again`() async throws {
        try await Lab.beside(clusters: 1, bigBang: "2.54.0") {
            try await Project.onLab([1]) { project, lab in
                let takeover = "Policies/Takeovers/lab.yaml"
                try project.edit(takeover, "version: 1.25.2", "version: 1.25.9")
                let run = try await project.run("run", "lab", "--policy", "lab")
                #expect(run.exit == 4, "\(run.story)")
                let why = try await project.run("why", Self.cluster)
                let words = why.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                #expect(words.contains("istiod runs 1.25.2, not 1.25.9"), "\(why.story)")
                let address = try await lab.kubectl(
                    Self.cluster, "-n", "istio-gateway", "get", "svc", "public-ingressgateway",
                    "-o", "jsonpath={.status.loadBalancer.ingress[0].ip}")
                #expect(!address.isEmpty)
                try project.edit(takeover, "version: 1.25.9", "version: 1.25.2")
                _ = try await lab.kubectl(
                    Self.cluster, "-n", "default", "delete", "lease", "fleet-istio-migration")
                let again = try await project.lead("run", "lab", "--policy", "lab").end()
                #expect(again.exit == 0, "\(again.story)")
            }
        }
    }

    @Test func `a certificate that was forgotten is told by its hosts, and given`() async throws {
        try await Lab.beside(clusters: 1, bigBang: "2.54.0") {
            try await Project.onLab([1]) { project, lab in
                _ = try await lab.kubectl(
                    Self.cluster, "-n", "bigbang", "delete", "secret", "terraform")
                let run = try await project.run("run", "lab", "--policy", "lab")
                #expect(run.exit == 4, "\(run.story)")
                let why = try await project.run("why", Self.cluster)
                let words = why.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                #expect(
                    words.contains("Secret istio-gateway/public-cert, the certificate of *.big"),
                    "\(why.story)")
                _ = try await lab.kubectl(
                    Self.cluster, "-n", "istio-gateway", "create", "secret", "generic",
                    "public-cert")
                let id = try await project.status().run
                let resumed = try await project.lead("resume", id).end()
                #expect(resumed.exit == 0, "\(resumed.story)")
            }
        }
    }

    @Test func `probes by name wait for the records, and are asked for behind them`() async throws {
        try await Lab.beside(clusters: 1, bigBang: "2.54.0") {
            try await Project.onLab([1]) { project, lab in
                // Who asks for it by name finds the old gateway, and later whoever has its name.
                try project.setParameters(
                    """
                      allowSkew: true
                      probes: ["http://127.0.0.1:\(lab.port)/users/${cluster}/istio-system/\(Self.gateway)"]
                      waived: [telemetry/debug-shell]
                    """)
                let run = try project.lead("run", "lab", "--policy", "lab")
                try await run.reaches(step: "await-dns", of: Self.cluster)
                _ = try await lab.kubectl(
                    Self.cluster, "-n", "bigbang", "annotate", "--overwrite", "configmap",
                    "fleet-istio-migration-dns", "bellwether/dns=done")
                try await run.reaches(step: "check-requests", of: Self.cluster)
                try await Patience.until("a word on the users") {
                    try await project.run("why", Self.cluster).output.contains("HTTP 503")
                        ? true : nil
                }
                _ = try await lab.kubectl(
                    Self.cluster, "-n", "istio-system", "expose", "deployment", "istiod", "--name",
                    Self.gateway, "--port", "80")
                let end = try await run.end()
                #expect(end.exit == 0, "\(end.story)")
            }
        }
    }

    @Test func `what is in Helm's and the gateways' way is told in turn, and the run goes on`()
        async throws
    {
        try await Lab.beside(clusters: 1, bigBang: "2.54.0") {
            try await Project.onLab([1]) { project, lab in
                let faults = ["ownership-refused", "lb-address-never-comes", "helm-release-stalls"]
                for fault in faults { try await lab.breakCluster(Self.cluster, fault) }
                let run = try project.lead("run", "lab", "--policy", "lab")
                try await project.tells("invalid ownership metadata")
                let forced = try await lab.kubectl(
                    Self.cluster, "-n", "bigbang", "get", "hr", "bigbang", "-o",
                    "jsonpath={.metadata.annotations.reconcile\\.fluxcd\\.io/forceAt}")
                #expect(forced.hasSuffix("-again-step-1"), "given up, and tried once more")
                try await lab.mend(Self.cluster, faults[0])
                try await project.tells("no available IPs")
                try await lab.mend(Self.cluster, faults[1])
                let end = try await run.end()
                #expect(end.exit == 0, "\(end.story)")
            }
        }
    }

    @Test func `what a preflight finds in a cluster in trouble`() async throws {
        try await Lab.beside(clusters: 1, bigBang: "2.54.0") {
            try await Project.onLab([1]) { project, lab in
                try await lab.breakCluster(Self.cluster, "cni-pruned")
                try await lab.trouble(Self.cluster)
                let asked = try await project.run("preflight", "lab", "--policy", "lab")
                #expect(asked.exit != 0, "\(asked.story)")
                let story = asked.story.split(whereSeparator: \.isWhitespace)
                    .joined(separator: " ")
                for words in [
                    "kube-system/istio-cni-node belongs to revision default and goes with it",
                    "helm-controller is v1.1.0, which takes over nothing",
                    "AuthorizationPolicies name the old gateways",
                    "no node with an istiod can be drained",
                    "it is paused", "asks not to be disturbed",
                    "is down while it restarts", "is suspended while our values are laid",
                ] {
                    #expect(story.contains(words), "\(words) in \(story)")
                }
            }
        }
    }

    @Test func `a hook that pushes nowhere is told, and resume runs it again`() async throws {
        try await Lab.beside(clusters: 1, bigBang: "2.54.0") {
            try await Project.onLab([1]) { project, lab in
                try project.write("#!/bin/sh\ncat >>\"$0.told\"\n", to: "push.sh")
                try project.setParameters(
                    "  delivery: hook\n  hook: [/bin/sh, \(project.file("push.sh").path)]\n"
                        + "  allowSkew: true\n  waived: [telemetry/debug-shell]")
                let run = try await project.lead("run", "lab", "--policy", "lab").end()
                #expect(run.exit == 4, "\(run.story)")
                try await project.tells("it pushed nothing to the branch that Flux reads")
                let id = try await project.status().run
                let resumed = try await project.lead("resume", id).end()
                #expect(resumed.exit == 4, "\(resumed.story)")
                let told = try project.text(of: "push.sh.told")
                #expect(told.matches(of: /istioOperator/).count == 2, "\(told)")
            }
        }
    }
}

extension Project {
    /// Waits until `why` says something of the one cluster.
    fileprivate func tells(_ words: String) async throws {
        try await Patience.until(words) {
            let output = try await run("why", Flock.name(1)).output
            let told = output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            return told.contains(words) ? true : nil
        }
    }
}

extension Lab {
    /// Workloads, a policy and a helm-controller that a takeover has to be told of.
    fileprivate func trouble(_ cluster: String) async throws {
        _ = try await kubectl(
            cluster, "-n", "flux-system", "set", "image", "deployment/helm-controller",
            "*=ghcr.io/fluxcd/helm-controller:v1.1.0")
        let patches = [
            ("cart", #"{"spec":{"paused":true}}"#),
            (
                "web",
                #"{"spec":{"replicas":1,"strategy":{"type":"Recreate","rollingUpdate":null},"#
                    + #""template":{"metadata":{"annotations":"#
                    + #"{"cluster-autoscaler.kubernetes.io/safe-to-evict":"false"}}}}}"#
            ),
        ]
        for (name, patch) in patches {
            _ = try await kubectl(
                cluster, "-n", "shop", "patch", "deployment", name, "--type=merge", "-p", patch)
        }
        _ = try await kubectl(
            cluster, "apply", "--validate=false", "-f", "-", input: Self.objects)
        try await Patience.until("the pods of web") {
            try await kubectl(
                cluster, "-n", "shop", "get", "deployment/web", "-o",
                "jsonpath={.status.readyReplicas} of {.status.updatedReplicas}") == "1 of 1"
                ? true : nil
        }
    }

    private static let objects = """
        apiVersion: security.istio.io/v1beta1
        kind: AuthorizationPolicy
        metadata: {name: front, namespace: shop}
        spec: {rules: [{from: [{source: {namespaces: [istio-system]}}]}]}
        """
}
