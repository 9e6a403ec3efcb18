import FleetModel

/// Everything wrong with a Gloo takeover, all at once.
struct GlooProblems {
    let takeover: Takeover

    init(_ takeover: Takeover) { self.takeover = takeover }

    var all: [TakeoverProblem] {
        revisions + parameters + roles
            + GlooManifestRole.allCases.flatMap { manifestProblems($0) }
    }

    private var revisions: [TakeoverProblem] {
        var problems: [TakeoverProblem] = []
        if takeover.revision == takeover.oldRevision {
            problems.append(
                TakeoverProblem(
                    .revision,
                    "revision \(takeover.revision.rawValue.quoted) is the old one's too"))
        }
        if !takeover.revision.rawValue.isLabel || takeover.revision == "auto" {
            problems.append(
                TakeoverProblem(
                    .revision,
                    "revision \(takeover.revision.rawValue.quoted) should be a DNS label",
                    hint: "use up to 63 lowercase letters, digits and dashes, such as 1-25"))
        }
        if takeover.version.isEmpty {
            problems.append(TakeoverProblem(.version, "the version is empty"))
        } else if !takeover.version.contains("-solo") {
            problems.append(
                TakeoverProblem(
                    .version, "version \(takeover.version.quoted) is not one of Solo's images",
                    hint: "append -solo, such as \(takeover.version)-solo"))
        }
        return problems
    }

    private var parameters: [TakeoverProblem] {
        takeover.parameters.keys.sorted().compactMap { name in
            guard let parameter = GlooParameter(rawValue: name) else {
                return TakeoverProblem(
                    .parameter(name), "there is no parameter \(name.quoted)",
                    hint: "there are "
                        + GlooParameter.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return parameter.complaint(about: takeover.parameters[name] ?? .null)
                .map { TakeoverProblem(.parameter(name), $0) }
        } + testNamespace
    }

    /// The test namespace is deleted in the end, so it must not be anybody's.
    private var testNamespace: [TakeoverProblem] {
        let name = GlooSettings(takeover.parameters).testNamespace
        guard MeshNamespace.isProtected(name) || !name.isLabel else { return [] }
        let parameter = GlooParameter.testNamespace.rawValue
        return [
            TakeoverProblem(
                .parameter(parameter),
                "parameter \(parameter.quoted) should be a namespace of its own, "
                    + "got: \(name.quoted)")
        ]
    }

    private var roles: [TakeoverProblem] {
        let known = GlooManifestRole.allCases.map(\.rawValue)
        let unknown = takeover.manifests.keys.sorted().filter { !known.contains($0) }
        let strangers = unknown.map {
            TakeoverProblem(
                .manifest($0), "there is no manifest \($0.quoted)",
                hint: "there are \(known.joined(separator: ", "))")
        }
        let needed = GlooManifestRole.controlPlane.rawValue
        guard takeover.manifests[needed] == nil else { return strangers }
        return strangers + [
            TakeoverProblem(.manifest(needed), "the manifest \(needed.quoted) is missing")
        ]
    }

    private func manifestProblems(_ role: GlooManifestRole) -> [TakeoverProblem] {
        guard let text = takeover.manifests[role.rawValue] else { return [] }
        return ManifestLint(role, text: text, takeover: takeover).complaints
            .map { TakeoverProblem(.manifest(role.rawValue), $0) }
    }
}

extension String {
    /// Whether the string is a DNS label (RFC 1123), as revisions and namespaces are.
    fileprivate var isLabel: Bool {
        let letters = Set("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
        guard (1...63).contains(utf8.count), let first = utf8.first, let last = utf8.last else {
            return false
        }
        return letters.contains(first) && letters.contains(last)
            && utf8.allSatisfy { letters.contains($0) || $0 == UInt8(ascii: "-") }
    }
}
