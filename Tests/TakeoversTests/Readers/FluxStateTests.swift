import FleetModel
import Testing

@testable import Takeovers

@Suite struct FluxStateTests {
    static let token = "2025-05-20T09:40:55.123456789Z"

    @Test(arguments: [
        ("hr-istiod-ready", "ready"), ("hr-istiod-pending-first-seen", "waiting"),
        ("hr-istiod-progressing", "waiting"), ("hr-istiod-dependency-not-ready", "waiting"),
        ("hr-istiod-install-failed-retrying", "retrying"),
        ("hr-istiod-install-failed-ownership", "retrying"),
        ("hr-public-ingressgateway-stalled", "stalled"), ("hr-istiod-rolledback", "stalled"),
        ("hr-istio-deleting", "deleting"), ("hr-istio-uninstall-failed", "deletingFailed"),
        ("hr-istiod-suspended", "suspended"), ("hr-istiod-source-not-ready", "waiting"),
        ("hr-istiod-values-error", "failed"), ("hr-istiod-ready-but-old-generation", "waiting"),
        ("hr-bigbang-parent", "ready"),
        ("kustomization-environment", "ready"), ("kustomization-buildfailed", "retrying"),
        ("gitrepository-bigbang", "ready"), ("gitrepository-failed", "failed"),
    ])
    func `an object's conditions come to one state`(sample: String, word: String) throws {
        #expect(FluxState(of: try Fixture.sample(sample, in: "flux")).word == word)
    }

    @Test(arguments: [
        ("hr-istiod-reconcile-requested-not-handled", "waiting"),
        ("hr-istiod-reconcile-handled", "ready"),
    ])
    func `a request counts once it was handled`(sample: String, word: String) throws {
        let release = FluxObject(.helmRelease, try Fixture.sample(sample, in: "flux"))
        #expect(release.state(since: Self.token).word == word)
        #expect(release.state.word == "ready")
        #expect(!release.hasForced(Self.token))
    }

    @Test func `a failure carries its words`() throws {
        let failed = FluxState(of: try Fixture.sample("hr-istiod-values-error", in: "flux"))
        #expect("\(failed)".hasPrefix("failed: "))
        let stalled = try Fixture.sample("hr-public-ingressgateway-stalled", in: "flux")
        #expect("\(FluxState(of: stalled))".contains("attempt"))
    }

    @Test func `a rollback is no success`() throws {
        let object = try Fixture.sample("hr-istiod-rolledback", in: "flux")
        #expect(object.condition("Remediated")?["reason"] == "RollbackSucceeded")
        #expect(FluxState(of: object) != .ready)
    }

    @Test func `a release says what it deployed, and what it depends on`() throws {
        let istiod = HelmRelease(try Fixture.sample("hr-istiod-ready", in: "flux"))
        #expect(istiod.deployed?.chartVersion == "1.25.2-bb.4")
        #expect(istiod.deployed?.appVersion == "1.25.2")
        #expect(istiod.dependencies == ["bigbang/istio-crds"])
        #expect(istiod.targetNamespace == "istio-system")
        #expect(istiod.releaseName == "istiod")
        let failed = HelmRelease(
            try Fixture.sample("hr-istiod-install-failed-retrying", in: "flux"))
        #expect(failed.deployed == nil)
        #expect(failed.latest?.status == "failed")
    }

    @Test func `each kind says what it brought into effect`() throws {
        let pairs: [(FluxObject.Kind, String, String?)] = [
            (.helmRelease, "hr-istiod-ready", "1.25.2-bb.4"),
            (
                .kustomization, "kustomization-environment",
                "main@sha1:920f8f5815b381ea692e9e7c2f7119f2b1aa620a"
            ),
            (
                .gitRepository, "gitrepository-bigbang",
                "2.54.0@sha1:617fbe38fd3e75f44d99653b72fa830f26bf2574"
            ),
        ]
        for (kind, sample, revision) in pairs {
            let object = FluxObject(kind, try Fixture.sample(sample, in: "flux"))
            #expect(object.revision == revision)
        }
    }

    @Test(
        arguments: [
            ("2.50.0", .core), ("2.49.1", .core), ("2.48.1", .tooOld), ("1.60.0", .tooOld),
            ("2.51.0", .crdsAndIstiod),
            ("2.54.0", .crdsAndIstiod), ("3.0.0", .nothingToDo), ("4.1", .nothingToDo),
            ("", nil), ("x.y", nil), ("2", nil),
        ] as [(String, BigBangVariant?)])
    func `the chart's version tells which packages there are`(
        version: String, variant: BigBangVariant?
    ) {
        #expect(BigBangVariant(chartVersion: version) == variant)
    }

    @Test func `the parent release tells the variant`() throws {
        let parent = HelmRelease(try Fixture.sample("hr-bigbang-parent", in: "flux"))
        #expect(BigBangVariant(parent: parent) == .crdsAndIstiod)
        #expect(
            BigBangVariant(parent: parent)?.controlPlaneReleases == ["istio-crds", "istiod"])
    }
}

extension FluxState {
    /// The state without its words.
    var word: String {
        switch self {
        case .ready: "ready"
        case .waiting: "waiting"
        case .retrying: "retrying"
        case .failed: "failed"
        case .stalled: "stalled"
        case .suspended: "suspended"
        case .deleting: "deleting"
        case .deletingFailed: "deletingFailed"
        }
    }
}
