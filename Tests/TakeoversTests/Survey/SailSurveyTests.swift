import FleetModel
import Testing

@testable import Takeovers

/// What a survey keeps of the sail operator's resources.
@Suite struct SailSurveyTests {
    private func resource(_ kind: String, _ name: String, _ spec: JSON, owner: JSON? = nil) -> JSON
    {
        var object: JSON = [
            "kind": .string(kind), "metadata": ["name": .string(name)], "spec": spec,
        ]
        object[path: ["metadata", "ownerReferences"]] = owner.map { [$0] }
        return object
    }

    private func owner(_ kind: String, _ name: String) -> JSON {
        ["kind": .string(kind), "name": .string(name), "controller": true]
    }

    /// The paths that a survey asked for before it was done.
    private func asked(_ world: World) -> Set<String> {
        var context = StepContext(now: world.now)
        var paths: Set<String> = []
        for _ in 0..<12 {
            guard case .needs(let readings) = SurveyRecipe.look(context) else { break }
            for reading in readings {
                context.readings[reading] = world.answer(reading)
                if case .path(let path, _) = reading { paths.insert(path) }
            }
        }
        return paths
    }

    @Test func `where there is no Istio nothing else is asked, and nothing is kept`() throws {
        var world = try World("00")
        world.cluster.append(resource("IstioRevision", "left-over", [:]))
        #expect(try world.seen().sail == nil)
        let others: Set = [SailResource.revisionsPath, SailResource.tagsPath]
        #expect(asked(world).contains(SailResource.istiosPath))
        #expect(asked(world).isDisjoint(with: others))
        world.cluster.append(resource("Istio", "default", [:]))
        #expect(asked(world).isSuperset(of: others))
    }

    @Test func `resources are kept in the order of their names, with what they say`() throws {
        var world = try World("00")
        var istio = try Fixture.sample("istio-healthy", in: "sail")
        istio[path: ["spec", "updateStrategy", "updateWorkloads"]] = true
        world.cluster += [
            resource("Istio", "prod", ["version": "v1.26.0"]), istio,
            resource(
                "IstioRevision", "prod", ["version": "v1.26.0"], owner: owner("Istio", "prod")),
            try Fixture.sample("istiorevision-inuse", in: "sail"),
            resource("IstioRevisionTag", "stable", ["targetRef": ["kind": "IstioRevision"]]),
            try Fixture.sample("istiorevisiontag-default", in: "sail"),
        ]
        let sail = try #require(try world.seen().sail)
        #expect(
            sail.istios == [
                .init(
                    name: "default", version: "v1.25.2", isRevisionBased: true,
                    updatesWorkloads: true, gracePeriod: 30, activeRevision: "default-v1-25-2"),
                .init(name: "prod", version: "v1.26.0", isRevisionBased: false),
            ])
        #expect(
            sail.revisions == [
                .init(revision: "default-v1-25-2", version: "v1.25.2", istio: "default"),
                .init(revision: "prod", version: "v1.26.0", istio: "prod"),
            ])
        #expect(
            sail.tags == [
                .init(name: "default", kind: "Istio", target: "default"),
                .init(name: "stable", kind: "IstioRevision", target: ""),
            ])
    }

    @Test func `a revision that something else has made is of no Istio`() throws {
        var world = try World("00")
        world.cluster += [
            resource("Istio", "default", [:]),
            resource("IstioRevision", "by-hand", [:]),
            resource("IstioRevision", "by-team", [:], owner: owner("Team", "default")),
        ]
        let revisions = try #require(try world.seen().sail).revisions
        #expect(revisions.map(\.revision) == ["by-hand", "by-team"])
        #expect(revisions.map(\.istio) == [nil, nil])
    }
}
