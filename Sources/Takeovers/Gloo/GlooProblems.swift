import FleetModel

/// Everything wrong with a Gloo takeover, all at once.
struct GlooProblems {
    let takeover: Takeover

    init(_ takeover: Takeover) { self.takeover = takeover }

    var all: [TakeoverProblem] {
        revisions + GlooParameter.table.problems(in: takeover)
            + MoveProblems(takeover).roles(GlooRunbook.form)
            + GlooManifestRole.allCases.flatMap { manifestProblems($0) } + addresses
    }

    private var addresses: [TakeoverProblem] {
        AddressSettings(takeover.parameters)
            .problems(areNeeded: GlooSettings(takeover.parameters).leadsByDNS)
    }

    private var revisions: [TakeoverProblem] { MoveProblems(takeover).revisions + flavour }

    private var flavour: [TakeoverProblem] {
        let version = takeover.version
        guard !version.isEmpty, !version.contains("-solo") else { return [] }
        return [
            TakeoverProblem(
                .version, "version \(version.quoted) is not one of Solo's images",
                hint: "append -solo, such as \(version)-solo")
        ]
    }

    private func manifestProblems(_ role: GlooManifestRole) -> [TakeoverProblem] {
        guard let text = takeover.manifests[role.rawValue] else { return [] }
        return ManifestLint(role, text: text, takeover: takeover).complaints
    }
}
