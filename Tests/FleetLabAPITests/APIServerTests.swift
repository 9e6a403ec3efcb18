import FleetModel
import Testing

@testable import FleetLab

struct APIServerTests {
    private let store = ClusterStore(cluster: "edge-01", clock: ManualClock(), seed: 7)

    private func answer(
        _ method: String, _ target: String, _ body: String = "", type: String = "application/json"
    ) -> (code: Int, document: JSON?) {
        let request = APIRequest(
            method: method, target: target, contentType: type, body: Array(body.utf8))
        let response = APIServer(store: store).respond(to: request)
        guard case .bytes(let bytes) = response.body else { return (response.code, nil) }
        // What isn't JSON is compared by its code alone.
        return (response.code, try? JSONParser.parse(bytes))
    }

    @Test(arguments: [
        ("GET", "/api/v1/namespaces/default", 200), ("GET", "/api/v1/namespaces/x", 404),
        ("GET", "/api/v1/gadgets", 404), ("GET", "/apis/nobody/v1/gadgets", 404),
        ("GET", "/api/v1/namespaces/default/namespaces", 404), ("GET", "/livez", 200),
        ("POST", "/api/v1/namespaces/default", 405), ("POST", "/api/v1/pods", 405),
        ("GET", "/api/v1/namespaces?labelSelector=a%3D%3D%3Db", 400),
        ("GET", "/api/v1/namespaces?fieldSelector=spec.colour%3Dred", 400),
        ("GET", "/api/v1/namespaces?continue=nonsense", 400),
        ("DELETE", "/api/v1/namespaces/default?propagationPolicy=Sideways", 422),
        ("POST", "/api/v1/namespaces?dryRun=Some", 422),
    ])
    func `bad questions are answered with the right code`(
        method: String, target: String, code: Int
    ) {
        #expect(answer(method, target).code == code)
    }

    @Test func `a list shows its objects as they are now`() throws {
        let path = "/api/v1/namespaces/default/configmaps"
        for value in ["1", "2"] {
            let key = ObjectKey("configmaps", namespace: "default", name: "m")
            store.remove(key)
            try store.create("configmaps", .configMap("m", ["a": value]))
            let list = try #require(answer("GET", path).document)
            #expect(list["items"] == .array(store.list("configmaps")))
            #expect(list["kind"] == "ConfigMapList")
            try store.update(key) { $0["data"] = ["a": "changed"] }
            #expect(answer("GET", path).document?["items"]?[0]?["data"]?["a"] == "changed")
        }
    }

    @Test func `malformed bodies are told apart`() {
        let path = "/api/v1/namespaces/default/configmaps"
        #expect(answer("POST", path, "{").code == 400)
        #expect(answer("POST", path, "[]").code == 400)
        #expect(answer("POST", path, "{}", type: "text/plain").code == 415)
        #expect(answer("POST", path, #"{"kind":"Pod","apiVersion":"v1"}"#).code == 400)
        #expect(answer("POST", path, #"{"metadata":{"namespace":"other"}}"#).code == 400)
        #expect(answer("POST", path, #"{"metadata":{"name":"UPPER"}}"#).code == 422)
        #expect(answer("POST", path, #"{"metadata":{"generateName":"m-"}}"#).code == 201)
    }

    @Test func `custom objects take no strategic patch`() throws {
        try store.create(
            "customresourcedefinitions.apiextensions.k8s.io", .lifecycleManagerDefinition)
        let path = "/apis/admin.gloo.solo.io/v2/namespaces/default/istiolifecyclemanagers"
        #expect(answer("POST", path, #"{"metadata":{"name":"istiod"},"spec":{}}"#).code == 201)
        let type = "application/strategic-merge-patch+json"
        #expect(answer("PATCH", path + "/istiod", "{}", type: type).code == 415)
    }

    @Test func `a watch too far back is told that its version is gone`() throws {
        let store = ClusterStore(
            cluster: "edge-01", clock: ManualClock(), seed: 7, historyLimit: 4)
        for number in 0..<20 { try store.create("configmaps", .configMap("m\(number)")) }
        let error = #expect(throws: StatusError.self) { try store.changes(after: 1) }
        let event = try JSONParser.parse(WatchPlan.failure(try #require(error)))
        #expect(event["type"] == "ERROR")
        #expect(event["object"]?["code"] == 410)
        #expect(event["object"]?["reason"] == "Expired")
    }

    @Test func `an autoscaler's CPU target is shown to old clients where they look`() throws {
        let path = "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers"
        let made = answer(
            "POST", path,
            #"{"metadata":{"name":"web"},"spec":{"targetCPUUtilizationPercentage":70}}"#)
        #expect(made.document?["spec"]?["targetCPUUtilizationPercentage"] == 70)
        let new = answer("GET", path.replacing("/v1/", with: "/v2/") + "/web")
        let target = new.document?["spec"]?["metrics"]?[0]?["resource"]?["target"]
        #expect(target?["averageUtilization"] == 70)
    }

    @Test func `the immutable stays as it is`() throws {
        try store.create("deployments.apps", .deployment("web", in: "default"))
        let refused = answer(
            "PATCH", "/apis/apps/v1/namespaces/default/deployments/web",
            #"{"spec":{"selector":{"matchLabels":{"app":"web","x":"y"}},"template":{"metadata":"#
                + #"{"labels":{"x":"y"}}}}}"#, type: "application/merge-patch+json")
        #expect(refused.code == 422)
        #expect(refused.document?["message"]?.string?.hasSuffix("field is immutable") == true)
    }

    @Test(arguments: [
        (0, "0s"), (119, "119s"), (120, "2m"), (150, "2m30s"), (3600, "60m"), (11_000, "3h3m"),
        (100_000, "27h"), (200_000, "2d7h"), (1_000_000, "11d"), (100_000_000, "3y62d"),
    ])
    func `ages read as kubectl prints them`(seconds: Int, text: String) {
        #expect(AgeText.text(seconds: seconds) == text)
    }

    @Test(arguments: [
        #"{"a":[1,-2,3.5,true,null,"x\n\"\u00e9\ud83d\ude00"]}"#, "[]", " 7 ", #""""#,
    ])
    func `texts are read and written as they are`(text: String) throws {
        let value = try JSONParser.parse(Array(text.utf8))
        #expect(value == (try JSON(text: text)))
        #expect(try JSONParser.parse(JSONWriter.write(value)) == value)
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\"}", "tru", "01x", "\"\u{1}\"", "1 2", "-", "{\"a\":1,}", "\"\\x\"",
        String(repeating: "[", count: 100_000),
    ])
    func `what is no JSON is refused`(text: String) {
        #expect(throws: JSONParser.Problem.self) { try JSONParser.parse(Array(text.utf8)) }
    }

    @Test func `times are written and read alike`() {
        for milliseconds: Int64 in [0, 951_782_400_000, 1_760_000_000_000, 4_102_444_799_000] {
            let time = LabTime(milliseconds: milliseconds)
            #expect(LabTime(time.timestamp) == time)
        }
        #expect(LabTime(milliseconds: 951_782_400_000).timestamp == "2000-02-29T00:00:00Z")
        #expect(LabTime("yesterday") == nil)
    }
}
