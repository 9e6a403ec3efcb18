import FleetModel

/// The parameters a runbook knows: its own, and those of every move.
struct ParameterTable: Sendable {
    private let forms: [String: ParameterForm]
    /// Every name, the runbook's own first.
    let names: [String]

    init(own: [(name: String, form: ParameterForm)]) {
        let all = own + MoveParameter.allCases.map { ($0.rawValue, $0.form) }
        names = all.map(\.name)
        forms = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0.form) })
    }

    /// What is wrong with a takeover's parameters, in the order of their names.
    func problems(in takeover: Takeover) -> [TakeoverProblem] {
        takeover.parameters.keys.sorted().compactMap { name in
            guard let form = forms[name] else {
                return TakeoverProblem(
                    .parameter(name), "there is no parameter \(name.quoted)",
                    hint: "there are \(names.joined(separator: ", "))")
            }
            return form.complaint(about: takeover.parameters[name] ?? .null, of: name)
                .map { TakeoverProblem(.parameter(name), $0) }
        } + testNamespace(of: takeover)
    }

    /// The test namespace is deleted in the end, so it must not be anybody's.
    private func testNamespace(of takeover: Takeover) -> [TakeoverProblem] {
        let name = MoveSettings(takeover.parameters).testNamespace
        guard MeshNamespace.isProtected(name) || !name.isLabel else { return [] }
        let parameter = MoveParameter.testNamespace.rawValue
        return [
            TakeoverProblem(
                .parameter(parameter),
                "parameter \(parameter.quoted) should be a namespace of its own, "
                    + "got: \(name.quoted)")
        ]
    }
}
