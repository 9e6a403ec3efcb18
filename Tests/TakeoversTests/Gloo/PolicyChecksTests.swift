import FleetModel
import Testing

@testable import Takeovers

/// Policies that mean gateways which move (P17).
struct PolicyChecksTests {
    @Test(arguments: [
        ("namespaces", "istio-gateways", 1), ("namespaces", "elsewhere", 0),
        ("principals", "cluster.local/ns/istio-gateways/sa/ingress", 1),
        ("principals", "cluster.local/ns/shop/sa/web", 0),
    ])
    func `a policy that names gateways which move is told`(
        field: String, value: String, count: Int
    ) throws {
        let policy: JSON = [
            "kind": "AuthorizationPolicy", "metadata": ["name": "front", "namespace": "bookinfo"],
            "spec": ["rules": [["from": [["source": [field: [.string(value)]]]]]]],
        ]
        #expect(found("P17", in: try World.findings { $0.cluster.append(policy) }).count == count)
    }

    @Test(
        arguments: [
            ("source.namespace", "values", "istio-gateways", 1),
            ("source.namespace", "notValues", "istio-gateways", 1),
            ("source.principal", "values", "cluster.local/ns/istio-gateways/sa/ingress", 1),
            ("source.principal", "values", "cluster.local/ns/shop/sa/web", 0),
            ("source.ip", "values", "istio-gateways", 0),
        ] as [(String, String, String, Int)])
    func `a condition that names gateways which move is told, too`(
        key: String, field: String, value: String, count: Int
    ) throws {
        let policy: JSON = [
            "kind": "AuthorizationPolicy", "metadata": ["name": "front", "namespace": "bookinfo"],
            "spec": ["rules": [["when": [["key": .string(key), field: [.string(value)]]]]]],
        ]
        #expect(found("P17", in: try World.findings { $0.cluster.append(policy) }).count == count)
    }

    /// The new gateways come into the namespace of the old ones.
    @Test(arguments: [
        ("cluster.local/ns/gloo-mesh-gateways/sa/old", nil, 1),
        ("*/sa/old", nil, 1), ("cluster.local/ns/gloo-mesh-gateways/sa/new", nil, 0),
        ("cluster.local/ns/gloo-mesh-gateways/sa/old", "old", 0),
        ("cluster.local/ns/gloo-mesh-gateways/sa/old", "new", 1),
    ])
    func `a policy that names an account which gateways of the same namespace lose is told`(
        principal: String, new: String?, count: Int
    ) throws {
        let policy: JSON = [
            "kind": "AuthorizationPolicy", "metadata": ["name": "front", "namespace": "bookinfo"],
            "spec": ["rules": [["from": [["source": ["principals": [.string(principal)]]]]]]],
        ]
        let told = try World.findings { world in
            let place = "gloo-mesh-gateways"
            for index in world.cluster.indices
            where world.cluster[index].namespace == "istio-gateways" {
                world.cluster[index][path: ["metadata", "namespace"]] = .string(place)
                if world.cluster[index]["kind"] == "Pod" {
                    world.cluster[index][path: ["spec", "serviceAccountName"]] = "old"
                }
            }
            let pods = world.cluster.filter { $0["kind"] == "Pod" && $0.namespace == place }
            if let new, var pod = pods.first {
                pod[path: ["metadata", "name"]] = "new"
                pod[path: ["metadata", "annotations", "istio.io/rev"]] = "1-15"
                pod[path: ["metadata", "labels"]] = ["app": "new"]
                pod[path: ["spec", "serviceAccountName"]] = .string(new)
                world.cluster.append(pod)
            }
            world.cluster.append(policy)
        }
        #expect(found("P17", in: told).count == count, "\(told)")
    }

    @Test(
        arguments: [
            (
                [
                    "from": [
                        ["namespaceSelector": ["matchLabels": ["kubernetes.io/metadata.name": "x"]]]
                    ]
                ], 0
            ),
            (["from": [["namespaceSelector": ["matchLabels": ["edge": "yes"]]]]], 1),
            (["from": [["podSelector": [:]]]], 0), (["from": [["namespaceSelector": [:]]]], 0),
            ([:], 0),
        ] as [(JSON, Int)])
    func `a policy of the network that lets only the old gateways in is told`(
        rule: JSON, count: Int
    ) throws {
        let policy: JSON = [
            "kind": "NetworkPolicy", "metadata": ["name": "front", "namespace": "bookinfo"],
            "spec": ["ingress": [rule]],
        ]
        let told = try World.findings { world in
            world.edit("Namespace", "istio-gateways") {
                $0[path: ["metadata", "labels", "edge"]] = "yes"
            }
            world.cluster.append(policy)
        }
        #expect(found("P17", in: told).count == count)
        #expect(found("P17", in: told).allSatisfy { $0.words.hasSuffix(": bookinfo/front") })
    }

    @Test func `gateways that stay where they are mean the same to every policy`() throws {
        let policy: JSON = [
            "kind": "AuthorizationPolicy", "metadata": ["name": "front", "namespace": "bookinfo"],
            "spec": ["rules": [["from": [["source": ["namespaces": ["istio-gateways"]]]]]]],
        ]
        #expect(found("P17", in: try World.findings { $0.cluster.append(policy) }).count == 1)
        let sail = Takeover(
            name: "sail", runbook: "sail", revision: "default-v1-15-0", version: "1.15.0",
            oldRevision: "default")
        let told = try World.findings(sail, by: SailRunbook.self) { $0.cluster.append(policy) }
        #expect(!told.isEmpty && found("P17", in: told).isEmpty)
    }

    @Test func `policies of the network that we may not read keep nobody`() throws {
        let told = found("P17", in: try World.findings(refusing: APIPath.networkPolicies) { _ in })
        #expect(told == [Finding("P17", .note, "we may not read NetworkPolicies")])
    }
}
