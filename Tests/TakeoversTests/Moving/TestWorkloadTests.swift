import FleetModel
import Testing

@testable import Takeovers

/// The workload that is tried on the new revision first, from its start to its end.
@Suite struct TestWorkloadTests {
    private let name = "petstore-gskvfvr9p-nwpkg"

    private func test() throws -> Step { try GlooRunbook.step("test-workload", of: "prepare") }

    @Test func `a namespace that goes, and pods that are not ready, are waited for`() throws {
        var world = try World("30")
        world.edit("Pod", name, in: "petstore") { $0[path: ["status", "conditions"]] = [] }
        let words = Observation.partial("petstore: its pods are not ready yet")
        #expect(try world.observe(test()) == words)
        world.remove("Pod", name, in: "petstore")
        #expect(try world.observe(test()) == words)
        world.edit("Namespace", "petstore") {
            $0[path: ["metadata", "deletionTimestamp"]] = "2025-05-20T09:41:07Z"
        }
        #expect(try world.observe(test()) == .partial("namespace petstore is still going"))
    }

    @Test func `pods that have ended, are ending, or only call prove nothing`() throws {
        let call = TestCall.withoutSidecar.name
        for change: (inout JSON) -> Void in [
            { $0[path: ["status", "phase"]] = "Failed" },
            { $0[path: ["metadata", "deletionTimestamp"]] = "2025-05-20T09:41:07Z" },
            { $0[path: ["metadata", "name"]] = .string(call) },
        ] {
            var world = try World("30")
            var pod = try #require(world.object("Pod", name, in: "petstore"))
            pod[path: ["metadata", "name"]] = "petstore-other"
            pod[path: ["metadata", "annotations", "sidecar.istio.io/status"]] =
                #"{"revision":"default"}"#
            change(&pod)
            world.cluster.append(pod)
            #expect(try world.observe(test()) == .done("1 test pods run 1-15 1.15.3-solo"))
        }
    }

    @Test func `nothing is tried any more once one control plane is left, the new one`() throws {
        var world = try World("70")
        #expect(try world.observe(test()).word == "done")
        world.remove("Deployment", "istiod-1-15", in: "istio-system")
        let words = "namespace petstore does not exist"
        #expect(try world.observe(test()) == .notDone(words))
        world = try World("60")
        world.remove("Namespace", "petstore")
        #expect(try world.observe(test()) == .notDone(words))
    }

    @Test func `what belongs to others, or to the mesh, is not taken for ours to remove`() throws {
        func removal(_ namespace: String) throws -> Step {
            let takeover = Takeover.gloo(
                parameters: ["gateways": "none", "testNamespace": .string(namespace)])
            return try GlooRunbook.step("remove-test-workload", of: "retire", in: .gloo(takeover))
        }
        var world = try World("60")
        for (name, isOurs) in [("bookinfo", false), ("gloo-mesh", true)] {
            let creator = isOurs ? JSON.string("7F3K") : nil
            world.edit("Namespace", name) {
                $0[path: ["metadata", "annotations", TestWorkload.creatorAnnotation]] = creator
            }
            let words = "namespace \(name) is not ours, so it stays"
            #expect(try world.observe(removal(name)) == .done(words))
        }
        world.edit("Namespace", "bookinfo") {
            $0[path: ["metadata", "annotations", TestWorkload.creatorAnnotation]] = "7F3K"
        }
        #expect(try world.observe(removal("bookinfo")).word == "notDone")
        world.edit("Namespace", "bookinfo") {
            $0[path: ["metadata", "deletionTimestamp"]] = "2025-05-20T09:41:07Z"
        }
        let words = "namespace bookinfo is still going"
        #expect(try world.observe(removal("bookinfo")) == .partial(words))
    }

    // MARK: - What has not moved by it

    @Test func `what asks for the new revision, has ended or is of a third has not moved`() throws {
        let untouched = try GlooRunbook.step("old-untouched", of: "prepare")
        let moved = try #require(
            try World("60").cluster.first {
                $0["kind"] == "Pod" && $0.name.hasPrefix("details-v1")
            })
        for change: (inout JSON) -> Void in [
            { $0[path: ["metadata", "labels", "istio.io/rev"]] = "1-15" },
            { $0[path: ["status", "phase"]] = "Succeeded" },
            {
                $0[path: ["metadata", "annotations", "sidecar.istio.io/status"]] =
                    #"{"revision":"1-13"}"#
            },
        ] {
            var (world, pod) = (try World("30"), moved)
            world.cluster.append(pod)
            #expect(world.observe(untouched).word == "failed terminal")
            world.cluster.removeLast()
            change(&pod)
            world.cluster.append(pod)
            #expect(world.observe(untouched).word == "done", "\(world.observe(untouched))")
        }
    }
}
