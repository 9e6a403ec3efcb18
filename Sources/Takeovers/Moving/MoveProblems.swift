import FleetModel

/// What is wrong with a takeover's revision and manifests, whichever runbook it asks for.
struct MoveProblems {
    let takeover: Takeover

    init(_ takeover: Takeover) { self.takeover = takeover }

    var revisions: [TakeoverProblem] {
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
        }
        return problems
    }

    /// Manifests that the runbook does not know, or misses.
    func roles(_ form: RunbookForm) -> [TakeoverProblem] {
        let known = form.manifests.map(\.role)
        let unknown = takeover.manifests.keys.sorted().filter { !known.contains($0) }
        let strangers = unknown.map {
            TakeoverProblem(
                .manifest($0), "there is no manifest \($0.quoted)",
                hint: "there are \(known.joined(separator: ", "))")
        }
        let missing = form.manifests.filter { $0.isNeeded && takeover.manifests[$0.role] == nil }
        return strangers
            + missing.map {
                TakeoverProblem(.manifest($0.role), "the manifest \($0.role.quoted) is missing")
            }
    }
}

extension String {
    /// Whether the string is a DNS label (RFC 1123), as revisions and namespaces are.
    var isLabel: Bool {
        let letters = Set("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
        guard (1...63).contains(utf8.count), let first = utf8.first, let last = utf8.last else {
            return false
        }
        return letters.contains(first) && letters.contains(last)
            && utf8.allSatisfy { letters.contains($0) || $0 == UInt8(ascii: "-") }
    }
}
