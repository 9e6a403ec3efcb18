import FleetModel

@testable import Takeovers

/// The checks of the runbooks by name, each as the condition that stands for it.
enum Conditions {
    static func of(_ runbook: String) -> [String: Condition] {
        switch runbook {
        case "gloo-takeover": glooPreparing.merging(glooTakingOver) { $1 }
        case "bigbang-operator-to-helm-254":
            bigBang.merging(releases(["istio-crds", "istiod"])) { $1 }
        case "bigbang-operator-to-helm-250": bigBang.merging(releases(["istio-core"])) { $1 }
        case "revision-canary": revisionCanary
        default: [:]
        }
    }

    private static let (istiod, gateways) = ("istio-system", "gloo-mesh-gateways")

    private static let glooPreparing: [String: Condition] = [
        "preflight verify: cluster registered and accepted": Condition {
            $0.object("KubernetesCluster", "cluster-1", in: "gloo-mesh")?.approval == "ACCEPTED"
        },
        "preflight verify: revision not yet in use": .noControlPlane(of: "1-15"),
        "preflight verify: every injector webhook has a service and caBundle": Condition {
            $0.injection.configurations.allSatisfy(\.hasCertificates)
        },
        "ilm-add done: entry present": .entry(.controlPlane, "istiod-control-plane"),
        "ilm-add verify: ILM HEALTHY for this cluster": .healthy(
            .controlPlane, "istiod-control-plane"),
        "ilm-add verify: gm-iop namespace": .activeNamespace("gm-iop-1-15"),
        "ilm-add verify: istio operator": .rolledOut("istio-operator-1-15", in: "gm-iop-1-15"),
        "ilm-add verify: istiod rolled out with the right image": .istiod(
            "istiod-1-15", runs: "1.15.3-solo"),
        "ilm-add verify: injector webhook": .injector("istio-sidecar-injector-1-15"),
        "glm-eastwest done: entry present": .entry(.gateway, "istio-eastwestgateway"),
        "glm-eastwest verify: GLM HEALTHY": .healthy(.gateway, "istio-eastwestgateway"),
        "glm-eastwest verify: gateway deployment": .gateway(
            "istio-eastwestgateway-1-15", in: gateways, runs: "1.15.3-solo"),
        "glm-eastwest verify: external address": .address(
            of: "istio-eastwestgateway", in: gateways),
        "old-untouched verify: bookinfo all on OLD": .allProxies(in: "bookinfo", are: .unnamed),
        "test verify: petstore rolled out": .rolledOut("petstore", in: "petstore"),
        "test verify: its pods run the new revision": .allProxies(in: "petstore", are: "1-15"),
    ]

    private static let glooTakingOver: [String: Condition] = [
        "activate verify: spec landed": .defaultIsAskedFor,
        "activate verify: default tag points at the new revision": Condition {
            let tag = $0.injection.defaultTag
            return tag?.revision == "1-15" && tag?.hasCertificates == true
        },
        "deactivate-old-injector done: no other active default injector": Condition {
            $0.injection.activeDefaults.allSatisfy { $0.tag == "default" }
        },
        "switch-gateways verify: pinned": .pinned(
            "istio-eastwestgateway", in: gateways, to: "1-15"),
        "safety-check verify: API scan": .noProxy(of: .unnamed, outside: ["istio-gateways"]),
        "safety-check verify: no namespace selects OLD": Condition {
            $0.all("Namespace").map(MeshNamespace.init).allSatisfy {
                $0.selection != .named(.unnamed)
            }
        },
        "remove-old-gateways done: gone": .gone("IstioOperator", "eastwest-gateway", in: istiod),
        "remove-old-gateways verify: gone": .gone("IstioOperator", "eastwest-gateway", in: istiod),
        "remove-old-gateways verify: new gateway still up": .rolledOut(
            "istio-eastwestgateway-1-15", in: gateways),
        "remove-old-control-plane verify: CR gone": .gone(
            "IstioOperator", "control-plane", in: istiod),
        "remove-old-control-plane verify: old istiod gone": .gone(
            "Deployment", "istiod", in: istiod),
        "sweep verify: no dangling injector": Condition { $0.injection.own(.unnamed) == nil },
        "remove-old-operator verify: gone": .gone(
            "Deployment", "istio-operator", in: "istio-operator"),
        "remove-old-operator verify: managed operator alive": .rolledOut(
            "istio-operator-1-15", in: "gm-iop-1-15"),
        "delete-unused-namespaces verify: gone": .gone("Namespace", "istio-operator"),
        "cleanup verify: gone": .gone("Namespace", "petstore"),
    ]

    private static let bigBang: [String: Condition] = [
        "preflight verify: parent ready": .ready("bigbang"),
        "preflight verify: HR istio ready": .ready("istio"),
        "preflight verify: IstioOperator present, not terminating": .staying(
            "IstioOperator", "istiocontrolplane", in: istiod),
        "step1-values verify: parent handled": .ready("bigbang"),
        "step1-values verify: HR istio deleting or gone": .goingOrGone(
            "HelmRelease", "istio", in: "bigbang"),
        "old-gone verify: HR istio gone": .gone("HelmRelease", "istio", in: "bigbang"),
        "old-gone verify: CR gone": .gone("IstioOperator", "istiocontrolplane", in: istiod),
        "new-control-plane verify: istiod rolled out": .istiod("istiod", runs: "1.25.2"),
        "new-control-plane verify: service": .service("istiod", leadsTo: "istiod"),
        "new-control-plane verify: injector": .injector("istio-sidecar-injector"),
        "step2-values verify: operator HR gone": .gone(
            "HelmRelease", "istio-operator", in: "bigbang"),
        "step2-values verify: operator namespace gone": .gone("Namespace", "istio-operator"),
        "step2-values verify: gateway HR ready": .ready("public-ingressgateway"),
        "gateways-up verify: deployment": .rolledOut(
            "public-ingressgateway", in: "istio-gateway"),
        "gateways-up verify: pods injected with the new version": .allProxies(
            in: "istio-gateway", run: "1.25.2"),
        "gateways-up verify: address": .address(of: "public-ingressgateway", in: "istio-gateway"),
        "recycled verify: API scan": .noProxy(running: "1.23.6"),
        "orphans done: none": .noOrphans,
        "orphans verify: none": .noOrphans,
        "reconcile-all verify: all ready": .allReleasesReady,
    ]

    /// The checks of the releases that bring the new control plane.
    private static func releases(_ names: [String]) -> [String: Condition] {
        let pairs = ["force-once", "new-control-plane"].flatMap { step in
            names.map { ("\(step) verify: HR \($0) ready", Condition.ready($0)) }
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    private static let revisionCanary: [String: Condition] = [
        "preflight verify: revision unused": .noControlPlane(of: "1-25-2"),
        "install verify: istiod": .istiod("istiod-1-25-2", runs: "1.25.2"),
        "install verify: injector": .injector("istio-sidecar-injector-1-25-2"),
        "move-tag verify: tag webhook": Condition { stage in
            let tag = stage.injection.configurations.first { $0.tag == "prod-stable" }
            return tag?.revision == "1-25-2" && tag.map(RevisionTag.isConsistent) == true
        },
        "safety-check verify: API scan": .noProxy(of: "1-24-3"),
        "safety-check verify: no tag points at OLD": Condition {
            $0.injection.tags.allSatisfy { $0.revision != "1-24-3" }
        },
        "remove-old verify: gone": .gone("Deployment", "istiod-1-24-3", in: istiod),
        "remove-old verify: its injector gone": .gone(
            "MutatingWebhookConfiguration", "istio-sidecar-injector-1-24-3"),
    ]
}
