import FleetLab
import FleetModel
import Foundation
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

struct LabServerTests {
    private func ask(
        _ lab: LabFixture, _ method: String, _ path: String, _ body: String = ""
    ) async throws -> (code: Int, text: String) {
        let url = try #require(URL(string: "http://127.0.0.1:\(lab.port)\(path)"))
        var request = URLRequest(url: url)
        request.httpMethod = method
        if !body.isEmpty {
            request.httpBody = Data(body.utf8)
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        }
        let (data, response) = try await URLSession.shared.data(for: request)
        let code = (response as? HTTPURLResponse)?.statusCode ?? 0
        return (code, String(decoding: data, as: UTF8.self))
    }

    @Test func `the control endpoint asks the world`() async throws {
        try await LabFixture.run { lab in
            let status = try await ask(lab, "GET", "/lab/v1/status")
            #expect(try JSON(text: status.text) == ["clusters": ["edge-01"]])
            let faults = "/lab/v1/clusters/edge-01/faults"
            let broken = try await ask(lab, "POST", faults, #"{"name":"slow"}"#)
            #expect(try JSON(text: broken.text) == ["broken": ["name": "slow"]])
            let mended = try await ask(lab, "DELETE", faults + "?name=slow")
            #expect(try JSON(text: mended.text) == ["mended": "slow"])
            let unknown = try await ask(lab, "POST", "/lab/v1/clusters/x/faults", "{}")
            #expect(unknown.code == 404)
        }
    }

    @Test func `the log tells every request and what it changed`() async throws {
        try await LabFixture.run { lab in
            let maps = "/clusters/edge-01/api/v1/namespaces/default/configmaps"
            _ = try await ask(lab, "GET", maps + "?limit=1")
            let map = #"{"metadata":{"name":"m"}}"#
            _ = try await ask(lab, "POST", maps + "?dryRun=All", map)
            _ = try await ask(lab, "POST", maps, map)
            _ = try await ask(lab, "POST", maps, map)
            let records = lab.log.records()
            #expect(records.map(\.status) == [200, 201, 201, 409])
            #expect(records.map(\.hasMutated) == [false, false, true, false])
            #expect(records.map(\.sequence) == [1, 2, 3, 4])
            #expect(records[2].object?.description == "configmaps/default/m")
            #expect(records[0].target == "/api/v1/namespaces/default/configmaps?limit=1")
            #expect(records[1].bodyDigest == records[2].bodyDigest)
            let lines = try await ask(lab, "GET", "/lab/v1/requests?after=2").text
            #expect(lines.split(separator: "\n").count == 2)
        }
    }

    @Test func `a body beyond the limit is refused`() async throws {
        try await LabFixture.run { lab in
            let big = #"{"data":{"a":"\#(String(repeating: "x", count: 4 << 20))"}}"#
            let answer = try await ask(
                lab, "POST", "/clusters/edge-01/api/v1/namespaces/default/configmaps", big)
            #expect(answer.code == 413)
        }
    }

    @Test func `a shutdown answers and ends the server`() async throws {
        let store = ClusterStore(cluster: "edge-01", clock: ScaledClock(), seed: 7)
        let (ports, bound) = AsyncStream<Int>.makeStream()
        let server = LabServer(
            clusters: ["edge-01": store], control: EchoControl(), log: try RequestLog())
        async let run: Void = server.run { bound.yield($0) }
        let port = try #require(await ports.first { _ in true })
        let lab = LabFixture(
            store: store, log: try RequestLog(), port: port,
            folder: FileManager.default.temporaryDirectory)
        #expect(try await ask(lab, "POST", "/lab/v1/shutdown").code == 200)
        try await run
    }
}
