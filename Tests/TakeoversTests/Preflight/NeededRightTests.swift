import FleetModel
import Testing

@testable import Takeovers

/// Which rights kubectl's words need.
@Suite struct NeededRightTests {
    private func rights(_ line: String, stdin: JSON? = nil) -> [String]? {
        let words = line.split(separator: " ").map(String.init)
        return NeededRight.all(of: words, stdin: stdin?.description)?.map {
            "\($0.words) (\($0.group))"
        }
    }

    @Test(
        arguments: [
            ("-n shop patch service web --type=json", ["patch services in shop ()"]),
            ("-n <namespace> patch service web", ["patch services ()"]),
            ("patch istios.sailoperator.io default", ["patch istios (sailoperator.io)"]),
            (
                "-n shop annotate --overwrite deployment/web a=b",
                ["patch deployments in shop (apps)"]
            ),
            ("label namespace shop a=b", ["patch namespaces ()"]),
            ("-n shop rollout restart statefulset/db", ["patch statefulsets in shop (apps)"]),
            ("-n shop rollout undo deployment/web", ["patch deployments in shop (apps)"]),
            (
                "delete clusterrole a --ignore-not-found",
                ["delete clusterroles (rbac.authorization.k8s.io)"]
            ),
            ("delete --wait=false services a b", ["delete services ()"]),
            (
                "create --raw /api/v1/namespaces/shop/pods/web-1/eviction -f -",
                ["create pods/eviction in shop ()"]
            ),
            (
                "create --raw /api/v1/namespaces/<namespace>/pods/<pod>/eviction -f -",
                ["create pods/eviction ()"]
            ),
            ("delete teapot a", nil), ("get pods", nil), ("create -f -", nil), ("rollout", nil),
        ] as [(String, [String]?)])
    func `a command needs what it changes, where it changes it`(line: String, needed: [String]?) {
        #expect(rights(line) == needed)
    }

    @Test func `an object is made in its own namespace, or in the one that the command names`() {
        let policy: JSON = [
            "apiVersion": "security.istio.io/v1", "kind": "PeerAuthentication",
            "metadata": ["name": "a", "namespace": "inner"],
        ]
        let service: JSON = ["apiVersion": "v1", "kind": "Service", "metadata": ["name": "b"]]
        let open: JSON = [
            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
            "metadata": ["name": "c", "namespace": "<namespace>"],
        ]
        let made = "create peerauthentications in inner (security.istio.io)"
        #expect(rights("-n outer create -f -", stdin: policy) == [made])
        #expect(
            rights("-n outer create -f -", stdin: ["kind": "List", "items": [policy, service]])
                == [made, "create services in outer ()"])
        #expect(
            rights("create -f -", stdin: open) == ["create networkpolicies (networking.k8s.io)"])
    }

    @Test func `what is applied is made or patched`() {
        let lease: JSON = [
            "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
            "metadata": ["name": "a", "namespace": "default"],
        ]
        #expect(
            rights("apply -f -", stdin: lease) == [
                "create leases in default (coordination.k8s.io)",
                "patch leases in default (coordination.k8s.io)",
            ])
    }

    @Test func `a right everywhere is one in each namespace, of its own group only`() {
        let here = NeededRight("patch", "rollouts", "argoproj.io", in: "shop")
        #expect(here.isImplied(by: NeededRight("patch", "rollouts", "argoproj.io")))
        #expect(!here.isImplied(by: NeededRight("patch", "rollouts", "apps")))
        #expect(!here.isImplied(by: NeededRight("delete", "rollouts", "argoproj.io")))
        #expect(!here.isImplied(by: NeededRight("patch", "rollouts", "argoproj.io", in: "inner")))
    }
}
