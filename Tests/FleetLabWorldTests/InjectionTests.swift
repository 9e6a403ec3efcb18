import FleetModel
import Testing

@testable import FleetLab

/// What an injector makes of a pod.
@Suite struct InjectionTests {
    private static let space = "shop"

    private static func istiod(
        _ revision: String, _ tag: String, holds: Bool = false, native: Bool = false
    ) throws -> RunningIstiod {
        var installed = IstioRevision(
            name: revision, hub: "docker.io/istio", tag: tag,
            owner: IstioOwner(name: "control-plane", namespace: "istio-system"),
            cluster: "edge-01", holdsApplication: holds)
        installed.isNative = native
        let deployment = try #require(
            installed.objects.first { $0["kind"]?.string == "Deployment" })
        let mesh = try #require(
            installed.objects.first { $0.name == installed.named("istio") })
        return try #require(
            RunningIstiod(
                deployment: deployment, mesh: mesh[path: ["data", "mesh"]]?.string ?? ""))
    }

    private static func pod(
        labels: [String: String] = [:], annotations: [String: String] = [:],
        _ spec: [String: JSON] = [:]
    ) -> JSON {
        var spec = spec
        spec["containers"] =
            spec["containers"] ?? [["name": "web", "image": "registry.example/web:1.0"]]
        return Manifest.make(
            "v1", "Pod", "web", in: space, labels: labels.merging(["app": "web"]) { $1 },
            annotations: annotations, ["spec": .object(spec)])
    }

    private func names(_ list: String, of pod: JSON) -> [String] {
        (pod["spec"]?[list]?.array ?? []).compactMap { $0["name"]?.string }
    }

    @Test func `an old injector leaves the revision annotation out`() throws {
        let injector = SidecarInjector(istiod: try Self.istiod("default", "1.14.5"))
        let pod = injector.inject(Self.pod(), in: Self.space)
        #expect(names("containers", of: pod) == ["web", "istio-proxy"])
        #expect(names("initContainers", of: pod) == ["istio-init"])
        #expect(pod.annotations["istio.io/rev"] == nil)
        #expect(ProxyReader(pod)?.revision == "default")
        #expect(ProxyReader(pod)?.version == "1.14.5")
    }

    @Test func `an injector that holds the application puts the proxy first`() throws {
        let injector = SidecarInjector(
            istiod: try Self.istiod("1-25", "1.25.3-solo", holds: true))
        let pod = injector.inject(Self.pod(), in: Self.space)
        #expect(names("containers", of: pod) == ["istio-proxy", "web"])
        #expect(pod.annotations["istio.io/rev"] == "1-25")
        #expect(pod.annotations["kubectl.kubernetes.io/default-container"] == "web")
    }

    @Test(arguments: [("1.25.2", true), ("1.28.0", false)])
    func `native sidecars are init containers that stay`(version: String, isAsked: Bool) throws {
        let injector = SidecarInjector(
            istiod: try Self.istiod("default", version, native: isAsked))
        let pod = injector.inject(Self.pod(), in: Self.space)
        #expect(names("containers", of: pod) == ["web"])
        #expect(names("initContainers", of: pod) == ["istio-init", "istio-proxy"])
        #expect(pod["spec"]?["initContainers"]?[1]?["restartPolicy"]?.string == "Always")
        let status = JSON(parsing: pod.annotations["sidecar.istio.io/status"] ?? "")
        #expect(status?["containers"] == .null)
        #expect(ProxyReader(pod)?.version == version)
    }

    @Test(arguments: [(false, false), (true, false), (false, true), (true, true)])
    func `the last injector wins and leaves nothing of the first`(
        isFirstNative: Bool, isLastNative: Bool
    ) throws {
        let first = SidecarInjector(
            istiod: try Self.istiod("1-25", "1.25.2", native: isFirstNative))
        let last = SidecarInjector(
            istiod: try Self.istiod("default", "1.24.1", native: isLastNative))
        let twice = last.inject(first.inject(Self.pod(), in: Self.space), in: Self.space)
        let once = last.inject(Self.pod(), in: Self.space)
        #expect(twice == once)
    }

    @Test func `pods that want no sidecar get none`() throws {
        let injector = SidecarInjector(istiod: try Self.istiod("default", "1.14.5"))
        let unwilling = [
            Self.pod(["hostNetwork": true]),
            Self.pod(labels: ["sidecar.istio.io/inject": "false"]),
            Self.pod(annotations: ["sidecar.istio.io/inject": "false"]),
        ]
        for pod in unwilling { #expect(injector.inject(pod, in: Self.space) == pod) }
        let system = Self.pod()
        #expect(injector.inject(system, in: "kube-system") == system)
    }

    @Test func `a label beats the annotation`() throws {
        let injector = SidecarInjector(istiod: try Self.istiod("default", "1.14.5"))
        let pod = Self.pod(
            labels: ["sidecar.istio.io/inject": "true"],
            annotations: ["sidecar.istio.io/inject": "false"])
        #expect(ProxyReader(injector.inject(pod, in: Self.space)) != nil)
    }

    @Test func `a gateway of the chart gets its image from the injector`() throws {
        let injector = SidecarInjector(istiod: try Self.istiod("default", "1.25.2"))
        let pod = Self.pod(
            annotations: ["inject.istio.io/templates": "gateway"],
            ["containers": [["name": "istio-proxy", "image": "auto"]]])
        let injected = injector.inject(pod, in: "istio-gateway")
        let proxy = try #require(ProxyReader(injected))
        #expect(proxy.isGateway)
        #expect(proxy.version == "1.25.2")
        #expect(names("containers", of: injected) == ["istio-proxy"])
        #expect(injector.inject(injected, in: "istio-gateway") == injected)
    }
}
