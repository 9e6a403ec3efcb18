import FleetModel
import Testing

@testable import FleetLab

struct PatchTests {
    private static let deployments = ResourceType(
        group: "apps", plural: "deployments", kind: "Deployment", subresources: [.status])

    // MARK: - JSON patch

    @Test(arguments: [
        (#"[{"op":"add","path":"/a/b","value":1}]"#, #"{"a":{"b":1,"c":[1,2]}}"#),
        (#"[{"op":"add","path":"/a/c/-","value":3}]"#, #"{"a":{"c":[1,2,3]}}"#),
        (#"[{"op":"add","path":"/a/c/0","value":0}]"#, #"{"a":{"c":[0,1,2]}}"#),
        (#"[{"op":"remove","path":"/a/c/0"}]"#, #"{"a":{"c":[2]}}"#),
        (#"[{"op":"replace","path":"/a/c","value":"x"}]"#, #"{"a":{"c":"x"}}"#),
        (#"[{"op":"move","from":"/a/c","path":"/d"}]"#, #"{"a":{},"d":[1,2]}"#),
        (#"[{"op":"copy","from":"/a/c/1","path":"/a/e"}]"#, #"{"a":{"c":[1,2],"e":2}}"#),
        (#"[{"op":"test","path":"/a/c/1","value":2}]"#, #"{"a":{"c":[1,2]}}"#),
        (#"[{"op":"add","path":"/x~1y~0z","value":true}]"#, #"{"a":{"c":[1,2]},"x/y~z":true}"#),
    ])
    func `operations do what RFC 6902 says`(patch: String, result: String) throws {
        let document = try JSON(text: #"{"a":{"c":[1,2]}}"#)
        let patched = try JSONPatch(JSON(text: patch)).applied(to: document)
        #expect(patched == (try JSON(text: result)))
    }

    @Test(arguments: [
        #"[{"op":"test","path":"/a","value":2}]"#,
        #"[{"op":"remove","path":"/b"}]"#,
        #"[{"op":"replace","path":"/b","value":1}]"#,
        #"[{"op":"add","path":"/b/c","value":1}]"#,
        #"[{"op":"add","path":"/l/2","value":1}]"#,
        #"[{"op":"remove","path":"/l/01"}]"#,
        #"[{"op":"add","path":"/z","value":1},{"op":"test","path":"/z","value":2}]"#,
    ])
    func `an operation that does not fit undoes the whole patch`(patch: String) throws {
        let document = try JSON(text: #"{"a":1,"l":[0]}"#)
        #expect(throws: StatusError.unprocessablePatch) {
            try JSONPatch(JSON(text: patch)).applied(to: document)
        }
    }

    // MARK: - Merge patch

    @Test func `a merge patch deletes by null and replaces lists`() throws {
        let patched = MergePatch.applied(
            ["a": nil, "b": ["c": 2], "l": [3]], to: ["a": 1, "b": ["c": 1, "d": 1], "l": [1, 2]])
        #expect(patched == ["b": ["c": 2, "d": 1], "l": [3]])
    }

    // MARK: - Strategic merge patch

    private func containers(after patch: JSON) throws -> JSON? {
        let object: JSON = [
            "spec": [
                "template": [
                    "spec": [
                        "containers": [
                            ["name": "a", "image": "a:1", "args": ["x"]],
                            ["name": "b", "image": "b:1", "env": [["name": "E", "value": "1"]]],
                        ]
                    ]
                ]
            ]
        ]
        let whole: JSON = ["spec": ["template": ["spec": patch]]]
        let patched = try StrategicMergePatch.applied(whole, to: object, as: Self.deployments)
        return patched["spec"]?["template"]?["spec"]?["containers"]
    }

    @Test func `containers are merged by their names`() throws {
        let result = try containers(after: [
            "containers": [
                ["name": "b", "env": [["name": "F", "value": "2"]]], ["name": "c", "image": "c:1"],
            ]
        ])
        #expect(result?.array?.compactMap { $0["name"]?.string } == ["a", "b", "c"])
        #expect(result?[1]?["image"] == "b:1")
        #expect(result?[1]?["env"]?.array?.compactMap { $0["name"]?.string } == ["E", "F"])
    }

    @Test func `a directive deletes an item, and an order arranges the rest`() throws {
        let deleted = try containers(after: ["containers": [["name": "a", "$patch": "delete"]]])
        #expect(deleted?.array?.compactMap { $0["name"]?.string } == ["b"])
        let ordered = try containers(after: [
            "$setElementOrder/containers": [["name": "b"], ["name": "a"]]
        ])
        #expect(ordered?.array?.compactMap { $0["name"]?.string } == ["b", "a"])
    }

    @Test func `kept keys drop the others, and a primitive goes from its list`() throws {
        let strategy = try StrategicMergePatch.applied(
            ["spec": ["strategy": ["$retainKeys": ["type"], "type": "Recreate"]]],
            to: ["spec": ["strategy": ["type": "RollingUpdate", "rollingUpdate": [:]]]],
            as: Self.deployments)
        #expect(strategy["spec"]?["strategy"] == ["type": "Recreate"])
        let finalizers = try StrategicMergePatch.applied(
            ["metadata": ["$deleteFromPrimitiveList/finalizers": ["a"]]],
            to: ["metadata": ["finalizers": ["a", "b"]]], as: Self.deployments)
        #expect(finalizers["metadata"]?["finalizers"] == ["b"])
    }

    @Test func `an item without its key is refused`() throws {
        #expect(throws: StatusError.self) {
            try containers(after: ["containers": [["image": "x"]]])
        }
    }
}
