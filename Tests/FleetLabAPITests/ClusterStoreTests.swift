import FleetLab
import FleetModel
import Testing

struct ClusterStoreTests {
    private let clock = ManualClock()
    private let store: ClusterStore
    private let map = ObjectKey("configmaps", namespace: "default", name: "m")

    init() {
        store = ClusterStore(cluster: "edge-01", clock: clock, seed: 7, historyLimit: 16)
    }

    // MARK: - Versions

    @Test func `the same seed and time make the same objects`() throws {
        let other = ClusterStore(cluster: "edge-01", clock: clock, seed: 7)
        let objects = try [store, other].map { try $0.create("configmaps", .configMap("m")) }
        #expect(objects[0] == objects[1])
        #expect(objects[0]["metadata"]?["uid"]?.string?.count == 36)
    }

    @Test func `a change that changes nothing has no version of its own`() throws {
        try store.create("configmaps", .configMap("m"))
        let version = store.resourceVersion
        try store.update(map) { _ in }
        #expect(store.resourceVersion == version)
        try store.update(map) { $0["data"] = ["a": "1"] }
        #expect(store.resourceVersion == version + 1)
    }

    @Test func `metadata that is empty is left out, as API servers do`() throws {
        var draft = JSON.configMap("m")
        draft[path: ["metadata", "labels"]] = [:]
        try store.create("configmaps", draft)
        try store.update(map) { $0[path: ["metadata", "annotations"]] = ["a": "b"] }
        try store.update(map) { $0[path: ["metadata", "annotations"]] = [:] }
        let metadata = store.get(map)?["metadata"]
        #expect(metadata?["labels"] == nil && metadata?["annotations"] == nil)
    }

    @Test func `the generation counts changes of what is wanted, and nothing else`() throws {
        try store.create("deployments.apps", .deployment("web", in: "default"))
        let key = ObjectKey("deployments.apps", namespace: "default", name: "web")
        try store.update(key) { $0[path: ["metadata", "labels"]] = ["a": "b"] }
        try store.update(key, status: true) { $0["status"] = ["replicas": 2] }
        #expect(store.get(key)?["metadata"]?["generation"] == 1)
        try store.update(key) { $0[path: ["spec", "replicas"]] = 3 }
        #expect(store.get(key)?["metadata"]?["generation"] == 2)
    }

    @Test func `a status is written by its subresource alone`() throws {
        try store.create("deployments.apps", .deployment("web", in: "default"))
        let key = ObjectKey("deployments.apps", namespace: "default", name: "web")
        try store.update(key) { $0["status"] = ["replicas": 9] }
        #expect(store.get(key)?["status"]?["replicas"] == nil)
        try store.update(key, status: true) {
            $0["status"] = ["replicas": 2]
            $0[path: ["spec", "replicas"]] = 9
        }
        #expect(store.get(key)?["status"]?["replicas"] == 2)
        #expect(store.get(key)?["spec"]?["replicas"] == 2)
    }

    @Test func `a draft of an old version is a conflict`() throws {
        try store.create("configmaps", .configMap("m"))
        #expect(throws: StatusError.conflict("configmaps", "m")) {
            try store.update(map) { $0[path: ["metadata", "resourceVersion"]] = "1" }
        }
    }

    @Test func `a change that lost a race is made again on what won`() throws {
        try store.create("configmaps", .configMap("m"))
        var tries = 0
        try store.update(map) { draft throws(StatusError) in
            tries += 1
            if tries == 1 { try store.update(map) { $0[path: ["data", "other"]] = "1" } }
            draft[path: ["data", "own"]] = "1"
        }
        #expect(tries == 2)
        #expect(store.get(map)?["data"] == ["other": "1", "own": "1"])
    }

    @Test func `a history that was forgotten is gone`() throws {
        for number in 0..<40 { try store.create("configmaps", .configMap("m\(number)")) }
        let error = #expect(throws: StatusError.self) { try store.changes(after: 1) }
        #expect(error?.code == 410)
        let last = try store.changes(after: store.resourceVersion - 2)
        #expect(last.map(\.key.name) == ["m38", "m39"])
        #expect(last.allSatisfy { $0.type == .added })
    }

    @Test func `a waiting task is woken by the next change`() async throws {
        let version = store.resourceVersion
        async let woken: Void = store.waitForChange(after: version)
        try store.create("configmaps", .configMap("m"))
        await woken
        #expect(store.resourceVersion > version)
    }

    // MARK: - Namespaces

    @Test func `an object needs a namespace that is there and stays`() throws {
        #expect(throws: StatusError.notFound("namespaces", "nowhere")) {
            try store.create("configmaps", .configMap("m", in: "nowhere"))
        }
        try store.create("configmaps", .configMap("m"))
        try store.update(map) { $0[path: ["metadata", "finalizers"]] = ["lab/held"] }
        try store.delete(ObjectKey("namespaces", name: "default"))
        let error = #expect(throws: StatusError.self) {
            try store.create("configmaps", .configMap("late"))
        }
        #expect(error?.code == 403)
        #expect(error?.message.contains("because it is being terminated") == true)
    }

    @Test func `a namespace says what holds it and goes with the last of it`() throws {
        let key = ObjectKey("namespaces", name: "default")
        try store.create("configmaps", .configMap("m"))
        try store.update(map) { $0[path: ["metadata", "finalizers"]] = ["lab/held"] }
        try store.delete(key)
        let conditions = store.get(key)?["status"]?["conditions"]?.array ?? []
        #expect(store.get(key)?["status"]?["phase"] == "Terminating")
        #expect(
            conditions.last?["message"]?.string
                == "Some content in the namespace has finalizers remaining: lab/held in 1 resource"
                + " instances")
        try store.update(map) { $0[path: ["metadata", "finalizers"]] = nil }
        #expect(store.get(map) == nil)
        #expect(store.get(key) == nil)
    }

    // MARK: - Going

    @Test func `a pod on a node stays until its kubelet is done with it`() throws {
        try store.create("pods", .pod("p", in: "default"))
        let key = ObjectKey("pods", namespace: "default", name: "p")
        try store.update(key) { $0[path: ["spec", "nodeName"]] = "node-1" }
        try store.delete(key)
        let pod = try #require(store.get(key))
        #expect(pod["metadata"]?["deletionGracePeriodSeconds"] == 30)
        let deadline = pod["metadata"]?["deletionTimestamp"]?.string.flatMap(LabTime.init)
        #expect(deadline.map { $0 - clock.now } == 30_000)
        store.remove(key)
        #expect(store.get(key) == nil)
    }

    @Test func `deletion asks for the object it means`() throws {
        try store.create("configmaps", .configMap("m"))
        #expect(throws: StatusError.self) {
            try store.delete(map, DeleteOptions(uid: "somebody else"))
        }
        #expect(store.get(map) != nil)
    }

    private func family() throws -> (owner: ObjectKey, dependent: ObjectKey) {
        let owner = try store.create("configmaps", .configMap("owner"))
        var dependent: JSON = .configMap("dependent")
        dependent[path: ["metadata", "ownerReferences"]] = [
            [
                "apiVersion": "v1", "kind": "ConfigMap", "name": "owner",
                "uid": owner["metadata"]?["uid"] ?? .null,
            ]
        ]
        try store.create("configmaps", dependent)
        return (
            ObjectKey("configmaps", namespace: "default", name: "owner"),
            ObjectKey("configmaps", namespace: "default", name: "dependent")
        )
    }

    @Test func `what is owned goes after its owner`() throws {
        let (owner, dependent) = try family()
        try store.delete(owner)
        #expect(store.get(owner) == nil)
        #expect(store.get(dependent) == nil)
    }

    @Test func `an orphan stays and forgets its owner`() throws {
        let (owner, dependent) = try family()
        try store.delete(owner, DeleteOptions(propagation: .orphan))
        #expect(store.get(owner) == nil)
        #expect(store.get(dependent)?["metadata"]?["ownerReferences"] == nil)
        #expect(store.get(dependent) != nil)
    }

    @Test func `in the foreground an owner goes last`() throws {
        let (owner, dependent) = try family()
        try store.update(dependent) { $0[path: ["metadata", "finalizers"]] = ["lab/held"] }
        try store.delete(owner, DeleteOptions(propagation: .foreground))
        #expect(store.get(owner)?["metadata"]?["finalizers"] == ["foregroundDeletion"])
        try store.update(dependent) { $0[path: ["metadata", "finalizers"]] = nil }
        #expect(store.get(dependent) == nil)
        #expect(store.get(owner) == nil)
    }

    // MARK: - Kinds

    @Test func `a definition brings its kind and takes it along`() throws {
        let id = "istiolifecyclemanagers.admin.gloo.solo.io"
        let object: JSON = ["metadata": ["name": "istiod", "namespace": "default"], "spec": [:]]
        #expect(throws: StatusError.unknownResource) { try store.create(id, object) }
        try store.create(
            "customresourcedefinitions.apiextensions.k8s.io", .lifecycleManagerDefinition)
        let made = try store.create(id, object)
        #expect(made["apiVersion"] == "admin.gloo.solo.io/v2")
        #expect(made["metadata"]?["generation"] == 1)
        try store.delete(
            ObjectKey("customresourcedefinitions.apiextensions.k8s.io", name: id))
        #expect(store.type(id) == nil)
        #expect(store.list(id).isEmpty)
    }

    @Test func `services get addresses and ports that nobody else has`() throws {
        for name in ["a", "b"] {
            try store.create(
                "services",
                [
                    "metadata": ["name": .string(name), "namespace": "default"],
                    "spec": ["type": "LoadBalancer", "ports": [["port": 80]]],
                ])
        }
        let services = store.list("services")
        #expect(Set(services.compactMap { $0["spec"]?["clusterIP"]?.string }).count == 2)
        #expect(Set(services.compactMap { $0["spec"]?["ports"]?[0]?["nodePort"]?.int }).count == 2)
        #expect(services.first?["spec"]?["ports"]?[0]?["targetPort"] == 80)
    }

    @Test func `admission may look around in the store and change or refuse`() throws {
        store.setAdmission { resource, object, store throws(StatusError) in
            guard resource == "pods" else { return object }
            guard store.get(ObjectKey("namespaces", name: "default")) != nil else {
                throw .internalError("no namespace")
            }
            var admitted = object
            admitted[path: ["metadata", "annotations"]] = ["seen": "yes"]
            return admitted
        }
        let pod = try store.create("pods", .pod("p", in: "default"), dryRun: true)
        #expect(pod["metadata"]?["annotations"]?["seen"] == "yes")
        #expect(store.list("pods").isEmpty)
    }
}
