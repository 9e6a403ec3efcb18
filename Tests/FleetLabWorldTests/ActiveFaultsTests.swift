import FleetModel
import Testing

@testable import FleetLab

/// What the faults of a moment mean to the parts of a world, each asked by itself.
@Suite struct ActiveFaultsTests {
    private func active(_ faults: LabFault...) -> ActiveFaults {
        ActiveFaults(faults.map { ScheduledFault(fault: $0, start: LabTime(milliseconds: 0)) })
    }

    private func pod(
        _ name: String, in space: String = "shop", labels: [String: String] = [:],
        first: String = "init", image: String = "app"
    ) -> JSON {
        Manifest.make(
            "v1", "Pod", name, in: space, labels: labels,
            [
                "spec": [
                    "initContainers": [["name": "first", "image": .string(first)]],
                    "containers": [["name": "app", "image": .string(image)]],
                ]
            ])
    }

    private func istiod(_ revision: String) -> JSON {
        pod("istiod-\(revision)", labels: ["app": "istiod", "istio.io/rev": revision])
    }

    // MARK: - The way to the API server

    @Test func `of two faults on the way the earlier one counts`() async throws {
        let store = try await Rehearsal().edge
        active(.slow(milliseconds: 5), .unreachable).play(on: store)
        #expect(store.transportFault == .slow(.milliseconds(5)))
        active(.unreachable, .slow(milliseconds: 5)).play(on: store)
        #expect(store.transportFault == .unreachable)
    }

    @Test func `a denial is of every change of its resource, and of nothing else`() async throws {
        let store = try await Rehearsal().edge
        active(.permissionDenied(resource: "pods")).play(on: store)
        let isAllowed = { (verb: String, resource: String) in
            AccessCheck.isAllowed(verb, resource, namespace: "shop", in: store)
        }
        for verb in ["create", "update", "patch", "delete"] {
            #expect(!isAllowed(verb, "pods"), "\(verb)")
            #expect(isAllowed(verb, "services"), "\(verb)")
        }
        for verb in ["get", "list", "watch"] { #expect(isAllowed(verb, "pods"), "\(verb)") }
        active().play(on: store)
        #expect(isAllowed("patch", "pods"))
    }

    // MARK: - Pods

    @Test func `only an istiod of a revision never gets ready`() {
        let faults = active(.controlPlaneNeverReady)
        #expect(faults.trouble(of: istiod("1-15")) == .neverReady)
        #expect(faults.trouble(of: istiod(IstioRevision.unrevisioned)) == nil)
        #expect(faults.trouble(of: pod("cart", labels: ["istio.io/rev": "1-15"])) == nil)
    }

    @Test func `an injector is down by its revision, or all of them`() {
        let one = active(.injectorDown(revision: "1-15"))
        #expect(one.trouble(of: istiod("1-15")) == .down)
        #expect(one.trouble(of: istiod("default")) == nil)
        #expect(one.trouble(of: pod("cart", labels: ["istio.io/rev": "1-15"])) == nil)
        let all = active(.injectorDown(revision: nil))
        #expect(all.trouble(of: istiod("default")) == .down)
        #expect(all.trouble(of: pod("cart")) == nil)
    }

    @Test func `an operator that is gone is down, even if it was well`() {
        let faults = active(.operatorGone)
        #expect(faults.trouble(of: pod("istio-operator-1-15")) == .down)
        #expect(faults.trouble(of: pod("cart")) == nil)
    }

    @Test func `of two troubles the earlier one counts`() {
        let (down, slow) = (LabFault.injectorDown(revision: nil), LabFault.controlPlaneNeverReady)
        #expect(active(down, slow).trouble(of: istiod("1-15")) == .down)
        #expect(active(slow, down).trouble(of: istiod("1-15")) == .neverReady)
    }

    @Test func `an image can't be pulled for whichever container wants it`() {
        let faults = active(.imagePullBackOff(image: "-solo"))
        let waiting = { (image: String) in
            ActiveFaults.Trouble.waiting(
                reason: "ImagePullBackOff", message: "Back-off pulling image \"\(image)\"")
        }
        #expect(faults.trouble(of: pod("a", image: "pilot:1-solo")) == waiting("pilot:1-solo"))
        #expect(faults.trouble(of: pod("a", first: "cni:1-solo")) == waiting("cni:1-solo"))
        #expect(faults.trouble(of: pod("a")) == nil)
    }

    @Test(arguments: [
        ("shop", true), ("kube-system", false), ("istio-system", false), ("gm-iop-1-15", false),
        ("gloo-mesh", false), ("default", true),
    ])
    func `a full quota is one of applications`(space: String, isRefused: Bool) {
        let pod = pod("new", in: space)
        #expect((active(.quotaExceeded).refusal(of: pod) != nil) == isRefused)
        #expect(active(.hung).refusal(of: pod) == nil)
    }

    // MARK: - Releases and installations

    @Test func `a release fails by its name, and one that stalls until it is reset`() {
        let failing = active(.releaseFails(release: "istiod"))
        #expect(failing.fails(release: "istiod", isReset: true))
        #expect(!failing.fails(release: "bigbang", isReset: false))
        let stalling = active(.releaseStalls(release: "bigbang"))
        #expect(stalling.fails(release: "bigbang", isReset: false))
        #expect(!stalling.fails(release: "bigbang", isReset: true))
        #expect(!stalling.fails(release: "istiod", isReset: false))
    }

    @Test func `an installation ends in the state that it is told, or is unwell for a while`() {
        #expect(active(.hung, .glooFailure(state: "PENDING")).glooState == "PENDING")
        #expect(active(.glooUnhealthy(seconds: 60)).glooState == "UNHEALTHY")
        #expect(active(.glooStuck).glooState == nil)
    }
}
