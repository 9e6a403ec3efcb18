import FleetModel
import Testing

@testable import FleetCommands

struct LikenessTests {
    private func survey(_ owners: [(String, Int)], identity: String = "a") -> ClusterSurvey {
        var survey = ClusterSurvey()
        survey.identity = identity
        survey.owners = owners.map { name, pods in
            .init(
                kind: "Rollout", namespace: "shop", name: name, pods: pods,
                proxies: ["default 1.23.6"], restart: .possible)
        }
        return survey
    }

    @Test func `who a cluster is makes no difference`() {
        let copy = survey([("web", 2)], identity: "b")
        #expect(Likeness(of: copy, to: survey([("web", 2)])).differences.isEmpty)
    }

    @Test func `what is missing, too many or otherwise is told`() {
        let real = survey([("web", 2), ("cart", 1)])
        let copy = survey([("web", 3), ("ghost", 1)])
        #expect(
            Likeness(of: copy, to: real).differences == [
                "owner Rollout shop/cart is missing", "owner Rollout shop/ghost is too many",
                "owner Rollout shop/web is 3 x default 1.23.6, not 2 x default 1.23.6",
            ])
    }
}
