import FleetModel

@testable import Takeovers

/// A release as helm would know it.
struct HelmWorld {
    var status = "deployed"
    var revision = 1
    var chart: String
    var values: JSON = [:]
    var manifest = ""
    var updated = "2025-05-20T09:00:00Z"
    /// What its earlier records were given, by their numbers.
    var earlier: [Int: JSON] = [:]
}

/// Answers and does what helm would, as far as the revision runbook goes.
extension World {
    /// A cluster at a stage of the canary upgrade, with the releases it came by.
    static func revision(_ stage: String) throws -> World {
        let path = try Scenarios.all().map(\.path).first {
            $0.hasPrefix("revision-canary/\(stage)-")
        }
        var world = try World(stage: try path ?? { throw Fixture.Missing(name: stage) }())
        world.releases["istio-system/istio-base"] = HelmWorld(chart: "base-1.24.3")
        if world.object("Deployment", "istiod-1-24-3", in: "istio-system") != nil {
            world.releases["istio-system/istiod-1-24-3"] = HelmWorld(
                chart: "istiod-1.24.3", values: ["revision": "1-24-3"],
                manifest: "---\nkind: Deployment\nmetadata:\n  name: istiod-1-24-3\n")
        }
        if world.object("Deployment", "istiod-1-25-2", in: "istio-system") != nil {
            world.releases["istio-system/istiod-1-25-2"] = HelmWorld(
                chart: "istiod-1.25.2", values: ["revision": "1-25-2"])
        }
        return world
    }

    func askHelm(_ argv: [String]) -> ReadResult {
        let words = argv.helmWords
        switch words.first {
        case "list":
            let name = argv.following("--filter").filter { $0 != "^" && $0 != "$" }
            let release = releases["\(argv.following("-n"))/\(name)"]
            return .found(.array(release.map { [entry($0, name)] } ?? []))
        case "status":
            guard let release = releases["\(argv.following("-n"))/\(words[1])"] else {
                return .absent
            }
            return .found([
                "config": release.values, "manifest": .string(release.manifest),
                "info": ["status": .string(release.status)],
            ])
        case "history": return history("\(argv.following("-n"))/\(words[1])")
        case "get":
            let release = releases["\(argv.following("-n"))/\(words[2])"]
            let record = Int(argv.following("--revision")) ?? 0
            let values = release?.revision == record ? release?.values : release?.earlier[record]
            return values.map(ReadResult.found) ?? .absent
        default: return .absent
        }
    }

    private func history(_ key: String) -> ReadResult {
        guard let release = releases[key] else { return .absent }
        let earlier = release.earlier.keys.sorted().map { number -> JSON in
            ["revision": .int(Int64(number)), "status": "superseded"]
        }
        return .found(
            .array(
                earlier + [
                    ["revision": .int(Int64(release.revision)), "status": .string(release.status)]
                ]))
    }

    private func entry(_ release: HelmWorld, _ name: String) -> JSON {
        [
            "name": .string(name), "status": .string(release.status),
            "revision": .string("\(release.revision)"), "chart": .string(release.chart),
            "updated": .string(release.updated),
        ]
    }

    mutating func runHelm(_ command: Command) {
        let words = command.argv.helmWords
        let key = "\(command.argv.following("-n"))/\(words[1] == "--install" ? words[2] : words[1])"
        switch words.first {
        case "upgrade": upgrade(key, command)
        case "rollback": rollBack(key, to: Int(words[2]))
        case "uninstall" where releases[key]?.chart.hasPrefix("gateway-") == true:
            removeGateway(key)
        case "uninstall":
            let revision = releases[key]?.values["revision"]?.string ?? "default"
            releases[key] = nil
            cluster.removeAll {
                $0.labels["istio.io/rev"] == revision && $0.labels["istio.io/tag"] == nil
            }
        default: break
        }
    }

    /// A rollback is a record of its own; without a number it is to what was deployed before.
    private mutating func rollBack(_ key: String, to number: Int?) {
        guard var release = releases[key] else { return }
        if let number, let values = release.earlier[number] {
            release.earlier[release.revision] = release.values
            release.revision += 1
            release.values = values
        }
        release.status = "deployed"
        releases[key] = release
        let parts = key.split(separator: "/").map(String.init)
        if object("Deployment", parts[1], in: parts[0]) != nil, release.chart.hasPrefix("gateway-")
        {
            renderGateway(key)
        }
    }

    private mutating func upgrade(_ key: String, _ command: Command) {
        let name = key.split(separator: "/").last.map(String.init) ?? ""
        let words = command.argv.helmWords
        let place = words.firstIndex(of: name).map { words[$0 + 1] } ?? ""
        let stem = place.split(separator: "/").last ?? ""
        let given = command.stdin.flatMap { JSON(parsing: $0) }
        var release = releases[key] ?? HelmWorld(revision: 0, chart: "", values: [:])
        if release.revision > 0 { release.earlier[release.revision] = release.values }
        release.revision += 1
        release.values = given ?? release.values
        for pair in command.argv.indices where command.argv[pair] == "--set-string" {
            let parts = command.argv[pair + 1].split(separator: "=").map(String.init)
            release.values[parts[0]] = .string(parts[1])
        }
        release.chart = "\(stem)-\(command.argv.following("--version"))"
        release.status = "deployed"
        releases[key] = release
        if stem == "istiod" { install() }
        if stem == "gateway" { renderGateway(key) }
    }

    /// What the new control plane consists of, as far as it is not there.
    mutating func install() {
        guard let installed = try? World.revision("10") else { return }
        cluster += installed.cluster.filter { object in
            object.labels["istio.io/rev"] == "1-25-2"
                && self.object(object["kind"]?.string ?? "", object.name, in: object.namespace)
                    == nil
        }
    }
}

extension [String] {
    /// From helm's own verb on.
    fileprivate var helmWords: [String] {
        let verbs = ["list", "status", "upgrade", "rollback", "uninstall", "history", "get"]
        return Array(drop { !verbs.contains($0) })
    }

    fileprivate func following(_ option: String) -> String {
        firstIndex(of: option).map { self[$0 + 1] } ?? ""
    }
}
