import FleetModel
import Testing

@testable import Takeovers

/// Dry-run pods in clusters whose policies do not take any pod.
@Suite struct InjectionProbeTests {
    private let kubectl = Kubectl(cluster: Cluster("cluster-1"))

    private func pod(_ probe: InjectionProbe) throws -> JSON {
        try #require(probe.command(kubectl).stdin.flatMap { JSON(parsing: $0) })
    }

    @Test func `the pod asks for no more than the strictest standard allows`() throws {
        let pod = try pod(InjectionProbe(namespace: "shop"))
        let own = pod.spec["securityContext"]
        #expect(own == ["runAsNonRoot": true, "seccompProfile": ["type": "RuntimeDefault"]])
        let container = pod.spec.items("containers")[0]["securityContext"]
        #expect(
            container == [
                "allowPrivilegeEscalation": false, "capabilities": ["drop": ["ALL"]],
            ])
        // OpenShift gives every namespace users of its own.
        #expect(own?["runAsUser"] == nil && container?["runAsUser"] == nil)
    }

    @Test func `a pod of a template is nobody's, and goes to no node`() throws {
        let template: JSON = [
            "metadata": ["labels": ["app": "web"], "annotations": ["team": "blue"]],
            "spec": ["nodeName": "node-1", "containers": [["name": "web"]]],
        ]
        var probe = InjectionProbe(namespace: "shop")
        probe.labels = ["istio.io/rev": "1-15"]
        #expect(
            try pod(probe.copying(template)) == [
                "apiVersion": "v1", "kind": "Pod",
                "metadata": [
                    "name": "istio-revision-probe",
                    "labels": ["app": "web", "istio.io/rev": "1-15"],
                    "annotations": ["team": "blue"],
                ],
                "spec": ["containers": [["name": "web"]]],
            ])
    }

    @Test(arguments: [
        (#"admission webhook "validate.kyverno.svc-fail" denied the request"#, true),
        (
            #"pods "istio-revision-probe" is forbidden: violates PodSecurity "restricted:latest""#,
            true
        ),
        ("  check-registries: validation error: rule images failed", true),
        (#"failed calling webhook "validate.kyverno.svc-fail": no endpoints available"#, false),
        (#"admission webhook "rev.namespace.sidecar-injector.istio.io" denied the request"#, false),
    ])
    func `a policy's no is told apart from a webhook that is broken`(
        words: String, isPolicy: Bool
    ) {
        let answer = InjectionProbe.answer(.refused(words))
        #expect(answer.isRefusal && answer.isPolicyRefusal == isPolicy)
        #expect(
            answer.description
                == (isPolicy ? "is refused by a policy: " : "cannot take new pods: ") + words)
    }

    // MARK: - Before anything is touched

    private static let words = #"admission webhook "validate.kyverno.svc-fail" denied the request"#

    /// A policy that lets in no image but those of one registry.
    private static let onlyOwnImages: @Sendable (JSON) -> String? = { pod in
        let images = pod.spec.items("containers").compactMap { $0["image"]?.string }
        return images.contains { $0.hasPrefix("registry.k8s.io/") } ? words : nil
    }

    private func preflight(_ world: World) throws -> Observation {
        world.observe(try GlooRunbook.step("preflight", of: "prepare"))
    }

    @Test func `a namespace that takes no pod blocks before anything is touched`() throws {
        var world = try World("00")
        world.denials = ["bookinfo": { _ in Self.words }]
        let words = "P18 a new pod in bookinfo is refused by a policy: \(Self.words)"
        #expect(try preflight(world) == .failed(Failure(.blocked, words)))
    }

    @Test func `Big Bang's too, for its new control plane waits for such a pod while all is down`()
        throws
    {
        var world = try World(bigBang: "254/00")
        world.denials = ["bookinfo": { _ in Self.words }]
        let step = try BigBangRunbook.step("preflight")
        #expect(world.observe(step).saying.contains("P18 a new pod in bookinfo is refused by a"))
    }

    @Test func `a webhook of somebody else's that nobody answers blocks, too`() throws {
        var world = try World("00")
        let words = #"failed calling webhook "validate.kyverno.svc-fail": connection refused"#
        world.denials = ["bookinfo": { _ in words }]
        #expect(
            try preflight(world).saying
                == "P18 a new pod in bookinfo cannot take new pods: \(words)")
    }

    @Test func `a policy that takes the pods of a workload there is no obstacle`() throws {
        var world = try World("00")
        world.denials = ["bookinfo": Self.onlyOwnImages]
        #expect(try preflight(world).word == "done")
    }

    @Test func `a template that chooses its injector itself says nothing of its namespace`() throws
    {
        var world = try World("00")
        world.denials = ["bookinfo": Self.onlyOwnImages]
        for index in world.cluster.indices
        where world.cluster[index]["kind"] == "Deployment"
            && world.cluster[index].namespace == "bookinfo"
        {
            world.cluster[index][
                path: ["spec", "template", "metadata", "labels", "sidecar.istio.io/inject"]] =
                "true"
        }
        #expect(try preflight(world).saying.contains("P18 a new pod in bookinfo is refused"))
    }

    @Test func `who may make no pods is told so by the rights alone`() throws {
        var world = try World("00")
        world.forbidden = ["create pods"]
        world.denials = ["bookinfo": { _ in Self.words }]
        let words = try preflight(world).saying
        #expect(words.hasPrefix("P01 we may not create pods") && !words.contains("P18"), "\(words)")
    }

    // MARK: - Before a restart

    @Test func `a workload is asked for by its own template where a policy wants that`() throws {
        var world = try World("50")
        world.denials = ["bookinfo": Self.onlyOwnImages]
        let step = try GlooRunbook.step("restart-workloads", of: "takeover")
        while case .settling(let item, _, _) = world.observe(step) { world.settled.insert(item) }
        #expect(world.observe(step).word == "notDone")
        world.denials = ["bookinfo": { _ in Self.words }]
        let words = world.observe(step).saying
        #expect(words.hasSuffix(" is refused by a policy: \(Self.words)"), "\(words)")
    }
}
