import FleetModel
import Testing

@testable import Takeovers

/// What is swept up after an old control plane, and what keeps it.
@Suite struct SweepTests: RetiringGloo {
    /// A cluster without the old revision, but for this.
    private func world(_ left: JSON...) throws -> World {
        var world = try World("70")
        world.cluster += left
        return world
    }

    private func map(_ name: String, _ labels: JSON, isGoing: Bool = false) -> JSON {
        var map: JSON = [
            "kind": "ConfigMap",
            "metadata": ["name": .string(name), "namespace": "istio-system", "labels": labels],
        ]
        map[path: ["metadata", "labels", "istio.io/rev"]] = "default"
        if isGoing { map[path: ["metadata", "deletionTimestamp"]] = "2025-05-20T09:41:07Z" }
        return map
    }

    private let pilot: JSON = ["operator.istio.io/component": "Pilot"]

    @Test func `what goes already is waited for, and deleted but once`() throws {
        let going = map("istio", pilot, isGoing: true)
        #expect(try reason("sweep", world(going)) == "configmaps istio going")
        let both = try world(going, map("values", pilot))
        #expect(try reason("sweep", both) == "configmaps istio, values left")
        let deletion = try both.commands(GlooRunbook.step("sweep", of: "retire")).last
        #expect(deletion?.argv.contains("values") == true)
        #expect(deletion?.argv.contains("istio") == false)
    }

    @Test func `whoever uses the old revision keeps what is left of it`() throws {
        let pod = try Fixture.sample("bare-pod", in: "pods")
        let seen = try reason("sweep", world(map("istio", pilot), pod))
        #expect(seen == "proxies on default: \(pod.qualifiedName)")
    }

    @Test func `a tag is no part of a control plane`() throws {
        var tag = try Fixture.sample("mwc-istio-revision-tag-prod-stable-to-1-15", in: "webhooks")
        tag[path: ["metadata", "labels", "istio.io/rev"]] = "default"
        #expect(tag.labels["operator.istio.io/component"] == "Pilot")
        #expect(try reason("sweep", world(tag)) == "done")
    }

    @Test(
        arguments: [
            (["operator.istio.io/component": "IstiodRemote"], true),
            (["operator.istio.io/component": "Base", "app": "istiod"], true),
            (["app": "sidecar-injector"], true),
            (["operator.istio.io/component": "Base", "app": "mine"], false),
            (["operator.istio.io/component": "IngressGateways", "app": "istiod"], false),
        ] as [(JSON, Bool)])
    func `a part is known by its component, or by its app`(labels: JSON, isPart: Bool) throws {
        let seen = try reason("sweep", world(map("part", labels)))
        #expect(seen == (isPart ? "configmaps part left" : "done"))
    }

    // MARK: - Filters and records

    private func filter(_ name: String, rev: String = "default", _ labels: JSON? = nil) -> JSON {
        var filter: JSON = [
            "kind": "EnvoyFilter",
            "metadata": [
                "name": .string(name), "namespace": "istio-system", "labels": labels ?? pilot,
            ],
        ]
        filter[path: ["metadata", "labels", "istio.io/rev"]] = .string(rev)
        return filter
    }

    @Test(
        arguments: [
            "stats-filter-1.14", "tcp-stats-filter-1.13", "metadata-exchange-1.10",
            "stackdriver-filter-1.14",
        ])
    func `filters that the old charts brought go`(name: String) throws {
        let seen = try reason("sweep", world(filter(name)))
        #expect(seen == "envoyfilters.networking.istio.io \(name) left")
        let deletion = try world(filter(name)).commands(GlooRunbook.step("sweep", of: "retire"))
            .last
        #expect(
            deletion?.argv.suffix(5) == [
                "delete", "envoyfilters.networking.istio.io", name, "--ignore-not-found",
                "--wait=false",
            ])
    }

    @Test func `those of others, of another revision and copies stay`() throws {
        for other in [
            filter("stats-filter-1.14", rev: "1-13"), filter("stats-filter-1.15-1-15", rev: "1-15"),
            filter("stats-filter-1.14", [:]), filter("stats-filter-1.14", ["app": "mine"]),
            filter("our-headers"), filter("stats-filter-1.14-copy"), filter("filter"),
            filter("stats-filter-1.14-1-14"), filter("stats-filter"),
        ] {
            #expect(try reason("sweep", world(other)) == "done", "\(other.name)")
        }
    }

    @Test func `the names of a revision's filters end with it`() throws {
        var takeover = Takeover.gloo(parameters: ["gateways": "none"])
        takeover.oldRevision = "1-14"
        let step = try GlooRunbook.step("sweep", of: "retire", in: .gloo(takeover))
        let mine = filter("tcp-stats-filter-1.14-1-14", rev: "1-14")
        for (left, isSwept) in [
            (mine, true), (filter("tcp-stats-filter-1.14", rev: "1-14"), false),
        ] {
            let word = try world(left).observe(step).word
            #expect(word == (isSwept ? "notDone" : "done"))
        }
    }

    @Test func `what istioctl noted of the old installation goes, and nothing else of its kind`()
        throws
    {
        let record = try Fixture.sample("installed-state-ignored", in: "istiooperators")
        #expect(
            try reason("sweep", world(record))
                == "istiooperators.install.istio.io installed-state left")
        let others: [(inout JSON) -> Void] = [
            { $0[path: ["spec", "revision"]] = "1-15" },
            { $0[path: ["metadata", "annotations"]] = [:] },
            { $0[path: ["metadata", "name"]] = "control-plane" },
            { $0[path: ["metadata", "namespace"]] = "elsewhere" },
            { $0[path: ["spec", "profile"]] = "empty" },
            { $0[path: ["metadata", "finalizers"]] = ["istio-finalizer.install.istio.io"] },
        ]
        for change in others {
            var other = record
            change(&other)
            #expect(try reason("sweep", world(other)) == "done", "\(other)")
        }
    }

    @Test func `a server that knows neither kind has nothing of them left`() throws {
        var world = try world()
        world.unknownKinds = ["EnvoyFilter", "IstioOperator"]
        #expect(try reason("sweep", world) == "done")
    }
}
