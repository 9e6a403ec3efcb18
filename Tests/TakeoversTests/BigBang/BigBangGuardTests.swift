import FleetModel
import Testing

@testable import Takeovers

/// What keeps steps from going on between the two changes of the values.
@Suite struct BigBangGuardTests {
    // MARK: - The old mesh

    private static let oldGone = "HelmRelease istio and its IstioOperator are gone"

    @Test func `the old mesh is there as long as its release or its resource is`() throws {
        var world = try World(bigBang: "254/30")
        #expect(try world.reason("old-gone") == Self.oldGone)
        world.cluster.append(Self.resource("istiocontrolplane", in: "istio-system"))
        let step = try BigBangRunbook.step("old-gone")
        #expect(
            world.observe(step)
                == .partial("IstioOperator istio-system/istiocontrolplane is still there"))
        world = try World(bigBang: "254/00")
        world.remove("IstioOperator", "istiocontrolplane", in: "istio-system")
        #expect(world.observe(step) == .partial("HelmRelease istio is ready"))
    }

    @Test func `resources that are nobody's, or another's, are not waited for`() throws {
        var world = try World(bigBang: "254/30")
        world.cluster.append(Self.resource("own", in: "shop"))
        var ignored = Self.resource("kept", in: "istio-system")
        ignored[path: ["metadata", "annotations", "install.istio.io/ignoreReconcile"]] = "true"
        world.cluster.append(ignored)
        #expect(try world.reason("old-gone") == Self.oldGone)
    }

    private static func resource(_ name: String, in space: String) -> JSON {
        [
            "kind": "IstioOperator",
            "metadata": ["name": .string(name), "namespace": .string(space)], "spec": [:],
        ]
    }

    @Test func `nothing is switched off where the parent is unwell or the old mesh is gone`()
        throws
    {
        var world = try World(bigBang: "254/00")
        let step = try BigBangRunbook.step("step-1-values")
        world.edit("HelmRelease", "bigbang", in: "bigbang") {
            $0[path: ["spec", "suspend"]] = true
        }
        #expect(world.observe(step) == .unknown("HelmRelease bigbang is suspended"))
        world = try World(bigBang: "254/00")
        world.remove("HelmRelease", "istio", in: "bigbang")
        #expect(
            world.observe(step)
                == .failed(Failure(.terminal, "there is no HelmRelease istio to switch off")))
    }

    // MARK: - The new control plane

    @Test(arguments: [
        ("Deployment", "istiod", "istio-system"), ("Service", "istiod", "istio-system"),
        ("ServiceAccount", "istiod", "istio-system"), ("Role", "istiod", "istio-system"),
        ("RoleBinding", "istiod", "istio-system"),
        ("ClusterRole", "istiod-clusterrole-istio-system", ""),
        ("ClusterRoleBinding", "istiod-clusterrole-istio-system", ""),
        ("ClusterRole", "istiod-gateway-controller-istio-system", ""),
        ("ClusterRoleBinding", "istiod-gateway-controller-istio-system", ""),
        ("MutatingWebhookConfiguration", "istio-sidecar-injector", ""),
        ("ValidatingWebhookConfiguration", "istio-validator-istio-system", ""),
    ])
    func `without any of its objects no gateway is switched on`(
        kind: String, name: String, space: String
    ) throws {
        var world = try World(bigBang: "254/30")
        let step = try BigBangRunbook.step("step-2-values")
        #expect(world.observe(step).word == "notDone")
        world.remove(kind, name, in: space)
        #expect(world.observe(step) == .failed(Failure(.terminal, "\(kind) \(name) missing")))
    }

    @Test func `an istiod that does not run, or that nobody can call, is waited for`() throws {
        for step in ["step-2-values", "new-control-plane"] {
            var world = try World(bigBang: "254/30")
            if step == "new-control-plane" { world.forceControlPlane() }
            world.edit("Deployment", "istiod", in: "istio-system") {
                $0[path: ["status", "availableReplicas"]] = 0
                $0[path: ["status", "updatedReplicas"]] = 0
            }
            #expect(try world.reason(step).hasPrefix("istiod: "), "\(step)")
            world = try World(bigBang: "254/30")
            if step == "new-control-plane" { world.forceControlPlane() }
            world.cluster.removeAll { $0["kind"] == "Pod" && $0.labels["app"] == "istiod" }
            #expect(try world.reason(step).contains("istiod"), "\(step)")
            let word = world.observe(try BigBangRunbook.step(step)).word
            #expect(word == "unknown" || word == "partial", "\(step)")
        }
    }

    @Test func `a release of the control plane is waited for, and told when somebody stops it`()
        throws
    {
        var world = try World(bigBang: "254/30")
        world.forceControlPlane()
        let step = try BigBangRunbook.step("new-control-plane")
        #expect(world.observe(step).word == "done")
        world.edit("HelmRelease", "istiod", in: "bigbang") {
            $0[path: ["status", "conditions"]] = [
                ["type": "Reconciling", "status": "True"],
                ["type": "Ready", "status": "Unknown", "message": "Running 'upgrade' action"],
            ]
        }
        #expect(
            world.observe(step)
                == .partial("HelmRelease istiod is waiting: Running 'upgrade' action"))
        world.edit("HelmRelease", "istiod", in: "bigbang") { $0[path: ["spec", "suspend"]] = true }
        #expect(
            world.observe(step) == .failed(Failure(.terminal, "HelmRelease istiod is suspended")))
    }

    @Test func `an upgrade counts when it was forced for every release, by one run or another`()
        throws
    {
        var world = try World(bigBang: "254/30")
        let step = try BigBangRunbook.step("new-control-plane")
        world.edit("HelmRelease", "istiod", in: "bigbang") {
            $0[path: ["status", "lastHandledForceAt"]] = "OTHER-force"
        }
        #expect(world.observe(step).word == "notDone")
        world.edit("HelmRelease", "istio-crds", in: "bigbang") {
            $0[path: ["status", "lastHandledForceAt"]] = "OTHER-force"
        }
        #expect(world.observe(step).word == "done")
    }

    @Test func `what our upgrade did not bring is told though others have asked Flux since`()
        throws
    {
        var world = try World(bigBang: "254/30")
        world.forceControlPlane()
        for name in ["istio-crds", "istiod"] {
            world.edit("HelmRelease", name, in: "bigbang") {
                $0[path: ["metadata", "annotations", FluxRequest.annotation]] = "by hand"
                $0[path: ["status", "lastHandledReconcileAt"]] = "by hand"
            }
        }
        world.remove("Role", "istiod", in: "istio-system")
        let observation = world.observe(try BigBangRunbook.step("new-control-plane"))
        #expect(observation.word == "settling", "\(observation)")
    }

    @Test func `a new pod that would get no sidecar of istiod's is waited for`() throws {
        var world = try World(bigBang: "254/30")
        world.forceControlPlane()
        world.denials["bookinfo"] = { _ in "no room for anybody" }
        let observation = world.observe(try BigBangRunbook.step("new-control-plane"))
        #expect(observation.word == "partial")
        #expect(observation.saying.hasPrefix("a new pod in bookinfo "))
    }

    // MARK: - Behind the second change

    @Test func `step 2 is over when the parent is ready and nothing of the operator is left`()
        throws
    {
        var world = try World(bigBang: "254/50")
        let step = try BigBangRunbook.step("step-2-values")
        #expect(world.observe(step).word == "done")
        var namespace: JSON = [
            "kind": "Namespace", "metadata": ["name": "istio-operator"],
            "status": ["phase": "Terminating"],
        ]
        world.cluster.append(namespace)
        #expect(world.observe(step) == .partial("namespace istio-operator is still there"))
        namespace[path: ["metadata", "name"]] = "istio-operator-of-others"
        world.cluster[world.cluster.count - 1] = namespace
        #expect(world.observe(step).word == "done")
        var release = try #require(
            try World(bigBang: "254/30").object("HelmRelease", "istio-operator", in: "bigbang"))
        release[path: ["metadata", "deletionTimestamp"]] = "2026-01-01T00:00:00Z"
        world.cluster.append(release)
        #expect(world.observe(step) == .partial("HelmRelease istio-operator is being deleted"))
    }

    @Test func `step 2 is not over while the operator's release stays or no gateway has come`()
        throws
    {
        let step = try BigBangRunbook.step("step-2-values")
        var world = try World(bigBang: "254/50")
        world.cluster.append(
            try #require(
                try World(bigBang: "254/30").object("HelmRelease", "istio-operator", in: "bigbang"))
        )
        #expect(world.observe(step).word == "notDone")
        world = try World(bigBang: "254/50")
        world.edit("HelmRelease", "public-ingressgateway", in: "bigbang") {
            $0[path: ["spec", "targetNamespace"]] = "shop"
        }
        #expect(world.observe(step).word == "notDone")
        world.remove("HelmRelease", "public-ingressgateway", in: "bigbang")
        #expect(world.observe(step).word == "notDone")
    }

    @Test func `a step that is done says what git has come to say otherwise`() throws {
        var world = try World(bigBang: "254/50")
        world.cluster.append([
            "kind": "ConfigMap", "metadata": ["name": "late", "namespace": "bigbang"],
            "data": ["values.yaml": "istio:\n  enabled: true\n"],
        ])
        world.edit("HelmRelease", "bigbang", in: "bigbang") {
            $0[path: ["spec", "valuesFrom"]] = [["kind": "ConfigMap", "name": "late"]]
        }
        #expect(
            try world.reason("step-2-values").hasSuffix(
                "; but what it reads by now says istio.enabled: true"))
    }

    @Test func `step 1 is not over while the old release stays`() throws {
        var world = try World(bigBang: "254/30")
        let step = try BigBangRunbook.step("step-1-values")
        #expect(world.observe(step).word == "done")
        world.cluster.append(
            try #require(
                try World(bigBang: "254/00").object("HelmRelease", "istio", in: "bigbang")))
        #expect(world.observe(step).word == "notDone")
    }

    @Test func `a parent that reads the values of a step has to come through with them`() throws {
        let step = try BigBangRunbook.step("step-2-values")
        var world = try World(bigBang: "254/50")
        world.edit("HelmRelease", "bigbang", in: "bigbang") {
            $0[path: ["status", "conditions"]] = [
                ["type": "Ready", "status": "False", "message": "timed out"],
                ["type": "Reconciling", "status": "True"],
            ]
        }
        #expect(world.observe(step).word == "partial")
        world.edit("HelmRelease", "bigbang", in: "bigbang") {
            $0[path: ["spec", "suspend"]] = true
        }
        #expect(
            world.observe(step) == .failed(Failure(.terminal, "HelmRelease bigbang is suspended")))
    }

    @Test func `releases of other namespaces are none of Big Bang's`() throws {
        var world = try World(bigBang: "254/00")
        for name in ["istiod", "istio-crds"] {
            world.cluster.append([
                "kind": "HelmRelease", "metadata": ["name": .string(name), "namespace": "team"],
            ])
        }
        world.remove("HelmRelease", "istio", in: "bigbang")
        #expect(try !world.reason("reconcile-releases").contains("switched off already"))
    }
}

extension World {
    /// The upgrade that this run forces has been done.
    mutating func forceControlPlane() {
        for name in ["istio-crds", "istiod"] {
            edit("HelmRelease", name, in: "bigbang") {
                for annotation in [FluxRequest.annotation, FluxRequest.forceAnnotation] {
                    $0[path: ["metadata", "annotations", annotation]] = "7F3K-force"
                }
            }
        }
        flux(handles: "7F3K-force")
    }
}
