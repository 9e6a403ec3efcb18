import Foundation
import Testing

extension CommandLineTests {
    /// A mesh in which much is as it should not be before a takeover, and who is told of it.
    @Suite(.serialized) struct MeshTroubleTests {
        private static let cluster = Flock.name(Flock.troubled[0])

        @Test func `what a preflight finds in a mesh in trouble`() async throws {
            try await Project.onLab(Flock.troubled) { project, lab in
                try await lab.trouble(Self.cluster)
                try project.edit(
                    "Policies/Takeovers/lab.yaml", "  waived: [telemetry/debug-shell]\n", "")
                let istioctl = try project.writeScript(Self.istioctl, to: "istioctl")
                try project.edit(
                    "Inventory/lab.yaml", "defaults:\n",
                    "defaults:\n  tools: {istioctl: \(istioctl)}\n")
                let moment = try lab.moment()
                let asked = try await project.run("preflight", "lab", "--policy", "lab")
                #expect(asked.exit != 0, "\(asked.story)")
                let story = asked.story.split(whereSeparator: \.isWhitespace)
                    .joined(separator: " ")
                for words in Self.findings {
                    #expect(story.contains(words), "\(words) in \(story)")
                }
                try await expectJournaledWaiver(project)
                #expect(try lab.changes(of: [Self.cluster], since: moment).isEmpty)
            }
        }

        /// A run says which waiver was needed, though the cluster is deferred for other reasons.
        private func expectJournaledWaiver(_ project: Project) async throws {
            try project.edit(
                "Inventory/lab.yaml", "{name: \(Self.cluster),",
                "{name: \(Self.cluster), waivers: {P07: CHG-7},")
            let end = try await project.lead("run", "lab", "--policy", "lab").end()
            #expect(end.exit == 4, "\(end.story)")
            let waived = try end.lines.map(RunEvent.init).filter { $0.event == "findingWaived" }
            #expect(waived.map(\.cluster) == [Self.cluster], "\(end.story)")
            #expect(waived.map(\.reason) == ["CHG-7"])
            let why = try await project.run("why", Self.cluster)
            #expect(
                why.output.contains("P07 is waived on it: CHG-7; it found: cannot be restarted: "),
                "\(why.story)")
        }

        private static let findings = [
            "follow a revision tag of default, which the default does not take along: "
                + "loyalty (prod-stable)",
            "2 default injectors, of which the last acts: istio-revision-tag-default, "
                + "istio-sidecar-injector",
            "IST0139 MutatingWebhookConfiguration istio-sidecar-injector: Webhook overlaps",
            "no injector answers to typo",
            "StatefulSet shop/orders (its partition keeps pods below ordinal 1)",
            "Job telemetry/nightly-1 of CronJob telemetry/nightly (its own containers have ended, "
                + "and its sidecar never does)",
            "Job telemetry/nightly-2 of CronJob telemetry/nightly (its own containers have ended, "
                + "and its sidecar never does)",
            "Job telemetry/import runs: no Job is restarted, so its end is waited for",
            "Pod telemetry/debug-shell (a bare pod: nothing would make it anew)",
            "Deployment shop/cart is down while it restarts (all 2 replicas may be missing); "
                + "with maxUnavailable 0 and maxSurge 1 it would not be",
            "holdApplicationUntilProxyStarts is new: istio-proxy becomes the first container",
            "outboundTrafficPolicy is REGISTRY_ONLY, and becomes ALLOW_ANY where the new",
            "Service istio-gateways/inside goes with the old gateways",
            "\"9QQQ\" holds the lease",
        ]

        /// Says what a real one does of two injectors that overlap.
        private static let istioctl = """
            #!/bin/sh
            case "$*" in
                *analyze*) cat <<'END' ;;
            [{"code": "IST0139", "level": "Error", "message": "Webhook overlaps with others",
              "origin": "MutatingWebhookConfiguration istio-sidecar-injector"}]
            END
            esac
            """
    }
}

extension Lab {
    fileprivate func trouble(_ cluster: String) async throws {
        try await breakCluster(cluster, "workload-never-ready", setting: "owner=telemetry/import")
        _ = try await kubectl(
            cluster, "apply", "--validate=false", "-f", "-", input: Self.objects)
        for job in ["nightly-1", "nightly-2"] {
            try await run(job, of: "nightly", on: cluster)
        }
        let patches = [
            ("deployment/cart", #"{"spec":{"strategy":{"rollingUpdate":{"maxUnavailable":2}}}}"#),
            (
                "statefulset/orders",
                #"{"spec":{"updateStrategy":{"rollingUpdate":{"partition":1}}}}"#
            ),
        ]
        for (name, patch) in patches {
            _ = try await kubectl(
                cluster, "-n", "shop", "patch", name, "--type=merge", "-p", patch)
        }
        _ = try await kubectl(
            cluster, "-n", "istio-gateways", "expose", "deployment", "istio-ingressgateway",
            "--name", "inside", "--port", "80")
        try await closeToTheOutside(cluster)
        try await Patience.until("Jobs that are over but for their sidecars") {
            let states = try await kubectl(
                cluster, "-n", "telemetry", "get", "pods", "-o",
                "jsonpath={.items[*].status.containerStatuses[*].state.terminated.reason}")
            return states.split(separator: " ").count >= 2 ? true : nil
        }
    }

    private func closeToTheOutside(_ cluster: String) async throws {
        let map = try await kubectl(
            cluster, "-n", "istio-system", "get", "cm", "istio", "-o", "json")
        let closed = map.replacing(
            #""mesh": ""#, with: #""mesh": "outboundTrafficPolicy:\n  mode: REGISTRY_ONLY\n"#)
        _ = try await kubectl(cluster, "replace", "-f", "-", input: closed)
    }

    /// A tag of the old revision with a follower, one that competes with the default injector, a
    /// label that nobody answers to, somebody else's lease, and Jobs whose proxy nobody ends, or
    /// that work for long.
    private static let objects = """
        \(tag("prod-stable", selecting: "istio.io/rev", "prod-stable"))
        ---
        \(tag("default", selecting: "istio-injection", "enabled"))
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: loyalty, labels: {istio.io/rev: prod-stable}}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: typo, labels: {istio.io/rev: 1-52}}
        ---
        apiVersion: coordination.k8s.io/v1
        kind: Lease
        metadata: {name: fleet-istio-migration, namespace: default}
        spec: {holderIdentity: 9QQQ, renewTime: "2099-01-01T00:00:00.000000Z"}
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: nightly, namespace: telemetry}
        spec: {schedule: "0 3 * * *", jobTemplate: {spec: \(work)}}
        ---
        apiVersion: batch/v1
        kind: Job
        metadata: {name: import, namespace: telemetry}
        spec: \(work)
        """

    private static let work = """
        {template: {spec: {restartPolicy: Never, containers: [{name: work, image: "work:1"}]}}}
        """

    private static func tag(_ name: String, selecting label: String, _ value: String) -> String {
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingWebhookConfiguration
        metadata:
          name: istio-revision-tag-\(name)
          labels: {istio.io/tag: \(name), istio.io/rev: default, app: sidecar-injector}
        webhooks:
          - name: rev.namespace.sidecar-injector.istio.io
            admissionReviewVersions: [v1]
            sideEffects: None
            clientConfig: {service: {name: istiod, namespace: istio-system, path: /inject}}
            namespaceSelector:
              matchExpressions: [{key: \(label), operator: In, values: [\(value)]}]
            rules:
              - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
        """
    }
}
