import FleetModel
import Testing

@testable import Takeovers

/// What Big Bang's preflight finds before anything is touched.
@Suite struct BigBangPreflightTests {
    @Test func `what it asks by itself takes the place of what every runbook asks`() {
        let checks = BigBangRunbook.checks
        #expect(
            checks.map(\.number) == [
                "P01", "P03", "P04", "P05", "P07", "P08", "P09", "P10", "P12", "P13", "P14",
                "P15", "P16", "P17", "P18", "P19", "P20", "PO1", "lock", "PB1", "PB2", "PB3", "PB4",
            ])
        #expect(checks[1].title == "the control plane is well")
    }

    private func findings(
        _ world: World, _ parameters: [String: JSON] = ["allowSkew": true]
    ) -> [String] {
        var context = StepContext(now: world.now)
        for _ in 0..<12 {
            switch BigBangRunbook.preflight(in: .bigBang(parameters), context) {
            case .needs(let readings):
                for reading in readings { context.readings[reading] = world.answer(reading) }
            case .findings(let findings):
                return findings.map { "\($0.severity) \($0.check) \($0.words)" }
            case .unclear(let words): return ["unclear \(words)"]
            case .failed(let failure): return ["failed \(failure.reason)"]
            }
        }
        return ["the preflight never stops asking"]
    }

    private func world(helmController image: String = "fluxcd/helm-controller:v1.2.0") throws
        -> World
    {
        var world = try World(bigBang: "254/00")
        let container: JSON = ["name": "manager", "image": .string(image)]
        world.cluster.append([
            "kind": "Deployment",
            "metadata": ["name": "helm-controller", "namespace": "flux-system"],
            "spec": ["template": ["spec": ["containers": [container]]]],
        ])
        return world
    }

    @Test func `a cluster that is well is told what will be done to it`() throws {
        #expect(
            findings(try world()) == [
                "warn P15 1.25.2 is no control plane for proxies of 1.23.6",
                "note P16 istio-system/public-ingressgateway (172.20.1.241) gets another address",
                "warn PB2 Kustomization bigbang/environment is suspended while our values are laid "
                    + "over git's",
                "note PB4 the new gateways will be named in bookinfo/shop",
            ])
    }

    @Test func `a mesh that is closed to the outside has its values asked for that`() throws {
        var world = try world()
        world.cluster.removeAll { $0["kind"] == "ConfigMap" && $0.name == "istio" }
        world.cluster.append([
            "kind": "ConfigMap", "metadata": ["name": "istio", "namespace": "istio-system"],
            "data": ["mesh": "outboundTrafficPolicy:\n  mode: REGISTRY_ONLY\n"],
        ])
        let words = "outboundTrafficPolicy is REGISTRY_ONLY, which the new values have to say"
        #expect(findings(world).contains("warn P10 \(words)"))
    }

    @Test func `a policy of the network that lets only the old gateways in is told`() throws {
        var world = try world()
        let peer: JSON = [
            "namespaceSelector": ["matchLabels": ["kubernetes.io/metadata.name": "istio-system"]]
        ]
        world.cluster.append([
            "kind": "NetworkPolicy", "metadata": ["name": "front", "namespace": "shop"],
            "spec": ["ingress": [["from": [peer]]]],
        ])
        let words =
            "warn P17 NetworkPolicies let the old gateways in, and nobody from istio-gateway: "
            + "shop/front"
        #expect(findings(world).contains(words))
    }

    @Test func `a node agent that the operator would prune blocks`() throws {
        var world = try world()
        world.cluster.append([
            "kind": "DaemonSet",
            "metadata": [
                "name": "istio-cni-node", "namespace": "kube-system",
                "labels": ["install.operator.istio.io/owning-resource": "istiocontrolplane"],
            ],
        ])
        #expect(
            findings(world).contains(
                "block P13 kube-system/istio-cni-node belongs to revision default and goes with it")
        )
    }

    @Test func `two minors at one go have to be asked for`() throws {
        #expect(
            findings(try world(), [:]).contains {
                $0.hasPrefix("block P15 1.25.2 is no control plane for proxies of 1.23.6")
            })
    }

    @Test func `a release that is not ready blocks, in its own words`() throws {
        var world = try world()
        world.edit("HelmRelease", "istio-operator", in: "bigbang") {
            $0[path: ["spec", "suspend"]] = true
        }
        #expect(findings(world).contains("block PB1 HelmRelease istio-operator is suspended"))
        world.remove("HelmRelease", "istio", in: "bigbang")
        #expect(
            findings(world).contains(
                "block PB1 there is no HelmRelease istio, and no new control plane either"))
    }

    @Test func `a Flux that takes nothing over blocks`() throws {
        let old = findings(try world(helmController: "fluxcd/helm-controller:v1.1.0"))
        #expect(
            old.contains {
                $0.hasPrefix("block PB3 helm-controller is v1.1.0, which takes over nothing")
            })
        let unknown = findings(try world(helmController: "fluxcd/helm-controller@sha256:0"))
        #expect(unknown.contains { $0.hasPrefix("warn PB3") })
    }

    @Test func `a hook needs a repository that is read`() throws {
        let parameters: [String: JSON] = [
            "allowSkew": true, "delivery": "hook", "hook": ["deliver"],
        ]
        var world = try world()
        #expect(
            findings(world, parameters).contains(
                "block PB2 no GitRepository feeds the parent release"))
        world.cluster.append([
            "kind": "GitRepository",
            "metadata": ["name": "environment-repo", "namespace": "bigbang"],
        ])
        #expect(!findings(world, parameters).contains { $0.contains("PB2") })
        world.edit("Kustomization", "environment", in: "bigbang") {
            $0[path: ["spec", "suspend"]] = true
        }
        #expect(
            findings(world, parameters).contains {
                $0.hasPrefix(
                    "block PB2 Kustomization bigbang/environment is suspended, so that nothing")
            })
    }

    @Test func `packages from a Helm repository are told of`() throws {
        var world = try world()
        world.edit("HelmRelease", "istio", in: "bigbang") {
            $0[path: ["spec", "chart", "spec", "sourceRef", "kind"]] = "HelmRepository"
        }
        let words = "PB2 the packages come from a HelmRepository: the gateways' chart is named"
        #expect(findings(world).contains("note \(words)"))
        world.edit("HelmRelease", "bigbang", in: "bigbang") {
            $0[path: ["status", "history"]] = [
                ["version": 7, "status": "deployed", "chartVersion": "2.53.0"]
            ]
        }
        #expect(findings(world).contains { $0.hasPrefix("warn PB2 packages come from a") })
    }

    @Test func `from 3 on it says that there is nothing to do`() throws {
        var world = try World(bigBang: "254/60")
        world.edit("HelmRelease", "bigbang", in: "bigbang") {
            $0[path: ["status", "history"]] = [
                ["version": 7, "status": "deployed", "chartVersion": "3.2.0"]
            ]
        }
        // What is wrong with it is not ours to say, either.
        world.remove("Deployment", "istiod", in: "istio-system")
        let note = "note PB1 Big Bang 3.2.0 has no operator: there is nothing to do"
        #expect(findings(world, [:]) == [note])
    }

    @Test func `a cluster without Flux is none of Big Bang's`() throws {
        var world = try world()
        world.unknownKinds = ["HelmRelease"]
        #expect(
            findings(world) == [
                "failed the API server knows no HelmReleases: Flux is not installed"
            ])
    }
}
