import FleetModel

/// A step of the way there, taken on the way back under a name of its own.
struct Returning: StepRecipe {
    let outline: StepOutline
    let recipe: any StepRecipe

    init(_ outline: StepOutline, by recipe: any StepRecipe) {
        (self.outline, self.recipe) = (outline, recipe)
    }

    var patience: Patience { recipe.patience }
    var edits: Target { recipe.edits }
    var lock: WriterLock? { recipe.lock }
    var preview: StepPreview { recipe.preview }

    func observe(_ view: ClusterView) throws(Pause) -> Observation { try recipe.observe(view) }
    func act(_ view: ClusterView) throws(Pause) -> [Command] { try recipe.act(view) }
}

extension Returning {
    static let workloads = StepOutline(
        "return-workloads", title: "restart what has moved, one at a time, in reverse",
        interrupt: .betweenItems)
    static let gateways = StepOutline(
        "return-gateways", title: "lead clients back to the old gateways",
        interrupt: .finishOrRollBack)
    static let tunnel = StepOutline(
        "return-ztunnel", title: "lead ztunnel back to the old control plane, node by node",
        interrupt: .finishOrRollBack)
    static let addresses = StepOutline(
        "return-addresses", title: "write down which DNS records have to go back")
    static let tags = StepOutline(
        "return-tags", title: "point the revision tags back to the old revision",
        interrupt: .finishOrRollBack)
    static let revisionTags = StepOutline(
        "return-revision-tags", title: "point the operator's tags back to the old revision",
        interrupt: .finishOrRollBack)
    static let namespaces = StepOutline(
        "return-namespaces", title: "have namespaces name the old revision again")
}
