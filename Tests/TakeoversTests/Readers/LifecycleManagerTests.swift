import FleetModel
import Testing

@testable import Takeovers

@Suite struct LifecycleManagerTests {
    @Test(arguments: [
        ("ilm-no-status", "waiting"), ("ilm-pending-no-state-field", "waiting"),
        ("ilm-installing", "waiting"), ("ilm-healthy", "healthy"),
        ("ilm-one-cluster-missing", "waiting"), ("ilm-one-cluster-failed", "failed"),
        ("ilm-controller-install-failed", "failed"), ("ilm-unhealthy", "attention"),
        ("ilm-action-required", "attention"), ("ilm-unknown", "waiting"),
        ("ilm-uninstalling", "waiting"), ("ilm-v21-healthy-no-observedRevision", "healthy"),
        ("ilm-healthy-but-stale-operator", "waiting"), ("ilm-healthy-default-true", "healthy"),
        ("glm-ingress-no-control-plane", "attention"), ("glm-ingress-failed", "failed"),
        ("glm-ingress-healthy", "healthy"), ("glm-ingress-installing", "waiting"),
        ("glm-ingress-pending", "waiting"), ("glm-ingress-unhealthy", "attention"),
        ("glm-eastwest-healthy", "healthy"),
    ])
    func `the worst of the clusters' states decides`(sample: String, word: String) throws {
        let manager = LifecycleManager(
            kind: .controlPlane, object: try Fixture.sample(sample, in: "gloo"))
        let states = ["cluster-1", "cluster-2"].map {
            manager.state(of: $0, revision: "1-15", tag: "1.15.3-solo")
        }
        #expect(LifecycleState.worst(of: states).word == word)
    }

    @Test func `two revisions in one object do not disturb each other`() throws {
        let manager = LifecycleManager(
            kind: .controlPlane, object: try Fixture.sample("ilm-two-revisions", in: "gloo"))
        #expect(manager.state(of: "cluster-1", revision: "1-15", tag: nil) == .healthy)
        #expect(manager.state(of: "cluster-1", revision: "1-16", tag: nil).word == "waiting")
    }

    @Test func `healthy for another hub is not healthy yet, and the hub's key stays unsaid`()
        throws
    {
        let manager = LifecycleManager(
            kind: .controlPlane, object: try Fixture.sample("ilm-healthy", in: "gloo"))
        let (same, other) = ("us-docker.pkg.dev/gloo-mesh/istio-REPOKEY", "example.net/istio-NEW")
        let state = { (hub: String) in
            manager.state(of: "cluster-1", revision: "1-15", tag: "1.15.3-solo", hub: hub)
        }
        #expect(state(same) == .healthy)
        #expect(state(other).word == "waiting")
        #expect(!"\(state(other))".contains("NEW") && !"\(state(other))".contains("REPOKEY"))
    }

    @Test(arguments: [
        ("kubernetescluster-accepted", "ACCEPTED"), ("kubernetescluster-unlicensed", "UNLICENSED"),
    ])
    func `a registered cluster says whether Gloo took it`(sample: String, approval: String) throws {
        #expect(try Fixture.sample(sample, in: "gloo").approval == approval)
    }

    @Test(arguments: [
        "PENDING", "INSTALL_PENDING", "INSTALLING_CONTROLLER", "UPDATING_CONTROL_PLANE",
        "UNKNOWN", "healthy", "HEALTHY ", "", "SOMETHING_NEW",
    ])
    func `only the exact word is healthy, and an unknown one is waited for`(state: String) {
        #expect(LifecycleState(state, message: nil).word == "waiting")
    }

    @Test func `the words carry the message`() {
        let state = LifecycleState("FAILED", message: "no licence")
        #expect(state == .failed("FAILED: no licence"))
    }
}

extension LifecycleState {
    fileprivate var word: String {
        switch self {
        case .healthy: "healthy"
        case .waiting: "waiting"
        case .attention: "attention"
        case .failed: "failed"
        }
    }
}
