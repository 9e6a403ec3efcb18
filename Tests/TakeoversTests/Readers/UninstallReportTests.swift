import FleetModel
import Testing

@testable import Takeovers

@Suite struct UninstallReportTests {
    private func report(_ text: String) throws -> UninstallReport {
        UninstallReport(try Fixture.text("istioctl-uninstall-\(text)"))
    }

    @Test func `what was removed is listed, with and without a namespace`() throws {
        let report = try report("done")
        #expect(report.ending == .through)
        #expect(
            report.objects.map(\.description) == [
                "HorizontalPodAutoscaler istio-system/istiod-1-14",
                "PodDisruptionBudget istio-system/istiod-1-14",
                "Deployment istio-system/istiod-1-14", "Service istio-system/istiod-1-14",
                "ConfigMap istio-system/istio-1-14",
                "MutatingWebhookConfiguration istio-sidecar-injector-1-14",
            ])
        #expect(report.protected(besides: "1-14").isEmpty)
    }

    @Test func `a dry run says what it would remove`() {
        let report = UninstallReport(
            """
            Not pruning object Deployment:istio-system:istiod-1-14 because of dry run.
            Not pruning object DaemonSet:kube-system:istio-cni-node because of dry run.
            Not pruning object Deployment:istio-system:ztunnel because of dry run.
            Not pruning object Deployment:istio-ingress:ingress because of dry run.
            Not pruning object Deployment:istio-egress:egress because of dry run.
            """)
        #expect(report.ending == .through)
        #expect(
            report.protected(besides: "1-14").map(\.description) == [
                "DaemonSet kube-system/istio-cni-node", "Deployment istio-system/ztunnel",
                "Deployment istio-ingress/ingress", "Deployment istio-egress/egress",
            ])
        #expect(report.protected(besides: "1-15").count == 5)
    }

    @Test func `from 1.24 on objects are named by their type`() throws {
        let report = try report("dry-run-1.28")
        #expect(report.ending == .through)
        #expect(
            report.objects.map(\.description) == [
                "Deployment istio-system/istiod-1-27", "DaemonSet kube-system/istio-cni-node",
                "Service istio-system/istiod-1-27", "ConfigMap istio-system/istio-1-27",
                "MutatingWebhookConfiguration istio-sidecar-injector-1-27",
                "MutatingWebhookConfiguration istio-revision-tag-prod.stable",
                "ValidatingWebhookConfiguration istiod-default-validator",
            ])
        #expect(
            report.protected(besides: "1-27").map(\.name) == [
                "istio-cni-node", "istio-revision-tag-prod.stable", "istiod-default-validator",
            ])
    }

    @Test func `a list in words that nobody knows is not taken for an empty one`() {
        let line = "Not pruning object Deployment istiod because of dry run."
        #expect(UninstallReport("\(line)\n✔ Uninstall complete").ending == .unclear(line))
    }

    @Test func `a question that nobody answered is told apart from an end`() throws {
        #expect(
            try report("refused-proxies").ending
                == .proxiesLeft(["details-v1-6758dd9d8d-rh4db.bookinfo"]))
        #expect(
            try report("gateways-warning").ending == .gatewaysLeft(["istio-ingressgateway"]))
        #expect(try report("revision-not-found").ending == .unknownRevision)
        let words = "Error: context canceled"
        #expect(UninstallReport("Removed x\n\(words)").ending == .unclear(words))
    }

    @Test(arguments: [
        "", "Removed .", "Removed a:b.", "Removed ::.", "  Removed", "There are still ",
    ])
    func `nothing is read out of less than a whole line`(text: String) {
        #expect(UninstallReport(text).objects.isEmpty)
    }
}
