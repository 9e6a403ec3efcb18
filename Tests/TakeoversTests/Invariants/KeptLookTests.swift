import FleetModel
import FleetTestKit
import Testing

@testable import Takeovers

/// A look as a text: what the next coordinator compares with is what the last one saw.
@Suite struct KeptLookTests {
    private let watch = StepWatch(
        GlooSituation(.gloo()).move, at: Place(injector: .new, exemptions: [], hasGateways: true))

    private static let definition = JSON.definition("gateways.networking.istio.io")

    private func look(
        _ world: World, _ kinds: [InvariantKind] = InvariantKind.allCases
    ) throws -> InvariantLook {
        try world.look(kinds, watch)
    }

    @Test(arguments: ["10", "30", "40", "60"])
    func `has the same text again, with all that was looked at`(stage: String) throws {
        var world = try World(stage)
        world.cluster.append(Self.definition)
        let text = try look(world).text
        let kept = try InvariantLook(text: text)
        #expect(kept.text == text)
        #expect(kept.facts.map { type(of: $0).kind } == InvariantKind.allCases)
    }

    @Test func `leaves out what was not looked at`() throws {
        let kept = try InvariantLook(text: look(try World("30"), [.readiness, .roots]).text)
        #expect(kept.facts.map { type(of: $0).kind } == [.readiness, .roots])
    }

    /// Whatever goes wrong between two looks.
    @Test(arguments: 1...12) func `finds the same as the look itself`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var before = try World(["30", "40", "60"].randomElement(using: &generator) ?? "")
        before.cluster.append(Self.definition)
        for _ in 0..<4 { before.damage(using: &generator) }
        var found = 0
        for _ in 0..<10 {
            var after = before
            for _ in 0..<6 { after.damage(using: &generator) }
            guard let earlier = try? look(before), let now = try? look(after) else { continue }
            let violations = now.violations(since: earlier)
            let kept = try InvariantLook(text: earlier.text)
            #expect(now.violations(since: kept) == violations)
            found += violations.count
        }
        #expect(found > 0, "nothing was ever wrong")
    }

    @Test func `tells each invariant's harm`() throws {
        var before = try World("30")
        before.cluster.append(Self.definition)
        var after = before
        after.remove("Service", "istiod", in: "istio-system")
        after.remove("MutatingWebhookConfiguration", "istio-sidecar-injector")
        after.stripSidecar(of: "reviews-v1")
        after.unready("details-v1")
        after.remove("ConfigMap", "istio-ca-root-cert", in: "bookinfo")
        after.remove("Service", "istio-eastwestgateway", in: "istio-gateways")
        after.remove("Namespace", "gloo-mesh")
        after.remove("CustomResourceDefinition", Self.definition.name)
        let kept = try InvariantLook(text: look(before).text)
        let kinds = Set(try look(after).violations(since: kept).map(\.kind))
        let all = Set(InvariantKind.allCases).subtracting([.webhooks, .requests])
        #expect(kinds.isSuperset(of: all), "\(kinds)")
    }

    @Test func `keeps what failed of the takeover's probes, and what was asked`() throws {
        let takeover = Takeover.gloo(parameters: ["probes": ["https://shop.example/"]])
        let watch = StepWatch(GlooSituation(.gloo(takeover)).move, at: .anywhere)
        let well = try World("30")
        var ill = well
        ill.probed["https://shop.example/"] = String(repeating: "503\n", count: 5)
        let (before, after) = (try well.look([.requests], watch), try ill.look([.requests], watch))
        #expect(after.violations(since: try InvariantLook(text: before.text)).count == 1)
        #expect(after.violations(since: try InvariantLook(text: after.text)).isEmpty)
    }

    @Test func `has names and numbers, and nothing that somebody might hide`() throws {
        var world = try World("30")
        let secret = "hunter2"
        world.cluster = world.cluster.map { object in
            var object = object
            object[path: ["metadata", "annotations", "note"]] = .string(secret)
            object[path: ["data", "password"]] = .string(secret)
            object[path: ["spec", "password"]] = .string(secret)
            if object["kind"] == "Pod" {
                object[path: ["spec", "containers"]] = .array(
                    object.spec.items("containers").map { container in
                        var container = container
                        container["env"] = [["name": "PASSWORD", "value": .string(secret)]]
                        container["args"] = [.string("--password=\(secret)")]
                        return container
                    })
            }
            return object
        }
        world.cluster.append([
            "kind": "Secret", "metadata": ["name": "s", "namespace": "bookinfo"],
            "data": ["key": .string(secret)],
        ])
        let text = try look(world).text
        #expect(text.contains("reviews-v1") && !text.contains(secret))
    }

    @Test(arguments: [
        ("", "it is no look at a cluster"), ("[]", "it is no look at a cluster"),
        (#"{"format":2}"#, "it has format 2, and this program reads 1"),
        (#"{"format":1}"#, "it does not say what was looked at"),
        (#"{"format":1,"kinds":["I99"]}"#, "it has an invariant that nobody knows"),
        (#"{"format":1,"kinds":["I3"]}"#, "its part owners makes no sense"),
        (
            #"{"format":1,"kinds":["I3"],"parts":{"owners":{"a":{"b":{"c":[1,2]}}}}}"#,
            "its part owners makes no sense"
        ),
        (
            #"{"format":1,"kinds":["I7"],"parts":{"I7":["default",7]}}"#,
            "its part I7 makes no sense"
        ),
    ])
    func `that can't be read is refused, with the reason`(text: String, reason: String) {
        #expect(throws: UnreadableBaseline(reason)) { try InvariantLook(text: text) }
    }

    /// Whatever stands there, it is read as it is or refused, and never traps.
    @Test func `takes any bytes`() throws {
        var generator = SeededGenerator(seed: 11)
        var world = try World("30")
        world.cluster.append(Self.definition)
        let (now, text) = (try look(world), try look(world).text)
        var read = 0
        for _ in 0..<3_000 {
            let bytes = Array(text.utf8).spoiled(using: &generator)
            guard let kept = try? InvariantLook(text: String(decoding: bytes, as: UTF8.self))
            else { continue }
            read += 1
            _ = now.violations(since: kept)
        }
        #expect(read > 0 && read < 3_000)
        let document = try #require(JSON(parsing: text))
        for _ in 0..<3_000 {
            let mutated = document.mutated(using: &generator).description
            if let kept = try? InvariantLook(text: mutated) {
                _ = now.violations(since: kept)
                #expect(try InvariantLook(text: kept.text).text == kept.text)
            }
        }
    }

    /// The figure that Docs/Journal.md gives.
    @Test func `of a thousand pods of three hundred owners has some fifteen kilobytes`() throws {
        var world = try World("30")
        world.multiply("reviews-v1", owners: 300, pods: 1_000, namespaces: 30)
        let look = try look(world)
        #expect((12_000...18_000).contains(look.text.utf8.count), "\(look.text.utf8.count)")
        #expect(try InvariantLook(text: look.text).text == look.text)
    }
}

extension World {
    fileprivate mutating func damage(using generator: inout SeededGenerator) {
        guard let index = cluster.indices.randomElement(using: &generator) else { return }
        let (kind, name, namespace) = (
            cluster[index]["kind"], cluster[index].name, cluster[index].namespace
        )
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: cluster.remove(at: index)
        case 1: stripSidecar(of: name)
        case 2: unready(name)
        case 3: cluster[index]["status"] = [:]
        default:
            cluster[index] = cluster[index].mutated(using: &generator)
            cluster[index]["kind"] = kind
            cluster[index][path: ["metadata", "name"]] = .string(name)
            if !namespace.isEmpty {
                cluster[index][path: ["metadata", "namespace"]] = .string(namespace)
            }
        }
    }

    /// Has many Deployments like one of `bookinfo`, in many namespaces like it.
    fileprivate mutating func multiply(
        _ model: String, owners: Int, pods: Int, namespaces: Int
    ) {
        let models = cluster.filter {
            ["Deployment", "ReplicaSet", "Pod"].contains($0["kind"]?.string)
                && $0.name.hasPrefix(model)
        }
        let surroundings = cluster.filter {
            $0.isCalled("Namespace", "bookinfo", "")
                || $0.isCalled("ConfigMap", "istio-ca-root-cert", "bookinfo")
        }
        for number in 0..<namespaces {
            cluster += surroundings.map { $0.renamed(["bookinfo": "team-\(number)"]) }
        }
        for number in 0..<owners {
            let names = [
                model: "service-\(number)", "bookinfo": "team-\(number % namespaces)",
            ]
            let copies = pods / owners + (number < pods % owners ? 1 : 0)
            for object in models {
                let renamed = object.renamed(names)
                guard object["kind"] == "Pod" else {
                    cluster.append(renamed)
                    continue
                }
                for copy in 0..<copies {
                    var pod = renamed
                    pod[path: ["metadata", "name"]] = .string("\(renamed.name)-\(copy)")
                    cluster.append(pod)
                }
            }
        }
    }
}

extension JSON {
    /// The document with names in all its texts replaced.
    fileprivate func renamed(_ names: [String: String]) -> JSON {
        let text = names.sorted { $0.key < $1.key }.reduce(description) { text, name in
            text.split(separator: name.key, omittingEmptySubsequences: false)
                .joined(separator: name.value)
        }
        return JSON(parsing: text) ?? .null
    }
}

extension [UInt8] {
    /// A few bytes are others, or the end is missing.
    fileprivate func spoiled(using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = self
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            guard let index = bytes.indices.randomElement(using: &generator) else { break }
            bytes[index] = UInt8.random(in: 0...255, using: &generator)
        }
        if Int.random(in: 0..<8, using: &generator) == 0 {
            bytes.removeLast(Int.random(in: 0...bytes.count, using: &generator))
        }
        return bytes
    }
}
