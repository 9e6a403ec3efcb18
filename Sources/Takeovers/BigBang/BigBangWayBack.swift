import FleetModel

/// How what was prepared for Big Bang's Istio is taken back.
///
/// There is no way back from step 1 on: by then the operator prunes the old mesh, and what is
/// left of it depends on how far it came.
struct BigBangWayBack {
    static var way: WayBack {
        .steps(
            [CheckOldMesh.outline, TakeLock.outline, ReturnRoutes.outline, ReleaseLock.outline],
            until: [end])
    }

    private static let end = WayBack.End(
        BigBangPhase.takeover.rawValue, ChangeValues.stepOne.name,
        because: "its first values have Big Bang's own operator remove the old mesh, gateways and "
            + "addresses included; `bellwether resume` goes on to the new one")

    static func recipes(_ bigBang: BigBangSituation) -> [any StepRecipe] {
        let steps: [any StepRecipe] = [
            CheckOldMesh(bigBang: bigBang), TakeLock(move: bigBang.move),
            ReturnRoutes(bigBang: bigBang), ReleaseLock(move: bigBang.move),
        ]
        return steps.map(WhereThereIsAnOperator.init)
    }
}
