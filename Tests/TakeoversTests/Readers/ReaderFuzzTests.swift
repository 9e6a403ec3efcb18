import FleetModel
import FleetTestKit
import Testing

@testable import Takeovers

/// Whatever an API server or a program says, no reader traps.
@Suite struct ReaderFuzzTests {
    static let files = [
        "pods", "gateways", "webhooks", "gloo", "workloads", "istiooperators", "controlplane",
        "flux", "namespaces", "sail", "events", "roots", "admission", "syncz",
    ]

    @Test(arguments: files)
    func `readers take any object`(file: String) throws {
        var generator = SeededGenerator(seed: 20_251)
        for (_, sample) in try Fixture.samples(file).sorted(by: { $0.key < $1.key }) {
            readEverything(of: sample)
            for _ in 0..<40 {
                var object = sample
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    object = object.mutated(using: &generator)
                }
                readEverything(of: object)
            }
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `readers take any document at all`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 { readEverything(of: .random(depth: 4, using: &generator)) }
    }

    @Test(arguments: ["1.14", "1.20", "1.23", "1.27", "1.28-v1", "empty-1.14"])
    func `a table that was garbled on its way is read or refused`(version: String) throws {
        let text = Array(try Fixture.text("proxy-status-\(version)").unicodeScalars)
        var generator = SeededGenerator(seed: 9)
        let scraps: [Unicode.Scalar] = [" ", "\n", "\t", ".", "(", ")", ",", "é", "\u{301}", "\r"]
        for _ in 0..<400 {
            var garbled = text
            for _ in 0..<Int.random(in: 1...12, using: &generator) {
                let place = Int.random(in: 0..<garbled.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: garbled.remove(at: place)
                case 1: garbled[place] = scraps.randomElement(using: &generator) ?? " "
                default: garbled.insert(scraps.randomElement(using: &generator) ?? " ", at: place)
                }
            }
            var words = String.UnicodeScalarView()
            words.append(contentsOf: garbled)
            for row in ProxyStatusTable(String(words))?.rows ?? [] { _ = row.troubles }
        }
    }

    private func readEverything(of object: JSON) {
        readPods(object)
        readWorkloads(object)
        readInjection(object)
        readMesh(object)
        readManagers(object)
    }

    private func readPods(_ object: JSON) {
        let pod = Pod(object)
        _ = (pod.isAlive, pod.isReady, pod.restarts, pod.waitingReasons, pod.controller, pod.proxy)
        _ = (pod.proxy?.label, pod.proxy?.runs("1-15", version: "1.15.3-solo"))
        _ = TrustDomain.of(proxyIn: object)
        let budget = DisruptionBudget(object)
        _ = (budget.allowed, budget.isBlocking, budget.isViolated, budget.covers(pod))
        _ = InjectionProbe.answer(.found(object)).description
    }

    private func readWorkloads(_ object: JSON) {
        let kinds = [
            "Deployment", "StatefulSet", "DaemonSet", "Rollout", "DeploymentConfig", "Job",
        ]
        for kind in kinds { _ = Rollout(of: object, kind: kind).complaint }
        let workloads = Workloads(
            pods: [object], replicaSets: [object],
            owners: ["Deployment": [object], "Rollout": [object]])
        for workload in workloads.all {
            _ = (RestartWay(of: workload), workload.obstacle, Downtime(of: workload))
        }
    }

    private func readInjection(_ object: JSON) {
        let injection = Injection(configurations: [object])
        _ = injection.acting(namespaceLabels: ["istio-injection": "enabled"])
        _ = (injection.defaultInjectors(of: .unnamed), injection.tags, injection.activeDefaults)
        _ = injection.decision(
            namespace: object.name, labels: object.labels, pod: PodWishes(of: object))
        _ = injection.configurations.map(RevisionTag.isConsistent)
        let validator = ValidatorConfiguration(object)
        _ = (validator?.services, validator?.failsClosed)
        let endpoints = Endpoints(slices: [object])
        _ = WebhookHealth.complaints(
            configurations: [object], services: [object], endpoints: endpoints)
        let gateways = MeshGateway.all(
            services: [object], pods: [Pod(object)], endpoints: endpoints)
        _ = gateways.map { ($0.address, $0.pin, $0.type) }
        _ = MeshGateway.orphans(services: [object], pods: [Pod(object)])
    }

    private func readMesh(_ object: JSON) {
        _ = (ControlPlane(object)?.rollout, MeshNamespace(object).selection)
        _ = RootCertificates(configMap: object)?.fingerprints
        _ = TrustDomain.of(meshConfigMap: object)
        _ = SyncReport(object).map { SyncReport.all(of: [$0, $0]) }
        _ = SyncReport([object])?.nameless
        _ = object.loadBalancerAddress
    }

    private func readManagers(_ object: JSON) {
        for kind in [LifecycleManager.Kind.controlPlane, .gateway] {
            let manager = LifecycleManager(kind: kind, object: object)
            _ = manager.state(of: "cluster-1", revision: "1-15", tag: "1.15.3-solo", hub: "x")
            _ = manager.installation(of: "1-15").flatMap { manager.entry(of: "cluster-1", in: $0) }
        }
        _ = (object.approval, IstioOperatorResource.unmanaged([object], of: .unnamed).map(\.errors))
        for kind in FluxObject.Kind.allCases {
            let flux = FluxObject(kind, object)
            _ = ("\(flux.state) \(flux.state(since: "x"))", flux.revision, flux.hasForced("x"))
        }
        let release = HelmRelease(object)
        _ = (release.releaseName, release.dependencies, BigBangVariant(parent: release))
    }
}
