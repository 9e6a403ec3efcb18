import FleetModel
import FleetTestKit
import Testing

struct SelectorTextTests {
    @Test(arguments: [
        ("a=b", "a=b"), ("a==b", "a=b"), ("a!=b", "a notin (b)"), ("a", "a"), ("!a", "!a"),
        ("a in (b, c),d", "a in (b,c),d"), ("a notin (b,c)", "a notin (b,c)"),
        (" x.io/tier = gold , ! hold ", "x.io/tier=gold,!hold"),
    ])
    func `a selector is read as kubectl reads it`(text: String, meaning: String) {
        #expect(Selector(text: text).map { "\($0)" }.map(normal) == normal(meaning))
    }

    @Test(arguments: ["", ",", "a=b,", "=b", "a in b", "a like (b)", "a in ()", "a b", "!"])
    func `what is no selector matches nothing`(text: String) {
        #expect(Selector(text: text) == nil)
    }

    private func normal(_ text: String) -> String { text.filter { $0 != " " } }
}

struct FleetBastionTests {
    @Test func `a plan knows the bastions of its clusters, and those that lead there`() {
        let fleet = Fleet(
            clusters: [],
            bastions: [
                Bastion("outer", host: "o"), Bastion("inner", host: "i", via: "outer"),
                Bastion("other", host: "x"), Bastion("loop", host: "l", via: "loop"),
            ])
        let names = { fleet.bastions(leadingTo: $0).map(\.name) }
        #expect(names([Cluster("a", bastion: "inner"), Cluster("b")]) == ["outer", "inner"])
        #expect(names([Cluster("a", bastion: "loop")]) == ["loop"])
        #expect(names([Cluster("a")]) == [])
    }

    @Test func `a plan tells the way to a cluster, hop by hop`() {
        let plan = Plan(
            takeover: .small, policy: "p",
            phases: [
                Phase("only", steps: [StepOutline("look")], waves: [Wave("all", clusters: ["a"])])
            ], clusters: [],
            bastions: [
                Bastion("outer", host: "o"), Bastion("inner", host: "i", via: "outer"),
                Bastion("loop", host: "l", via: "loop"),
            ])
        #expect(plan.way(to: Cluster("a", bastion: "inner")) == ["outer", "inner"])
        #expect(plan.way(to: Cluster("a", bastion: "loop")) == ["loop"])
        #expect(plan.way(to: Cluster("a", bastion: "unknown")) == ["unknown"])
        #expect(plan.way(to: Cluster("a")) == [])
        #expect(plan.way(to: .bastion("inner")) == ["outer", "inner"])
    }
}
