import FleetModel

/// What a step changes by design, so that it is not held against it.
enum Exemption: Hashable, Sendable {
    /// The invariant says nothing of this step.
    case from(InvariantKind)
    /// Gateways of the old revision go.
    case oldGateways
    /// Webhooks of the old control plane call nobody, until a later step removes them.
    case oldWebhooks
    /// The operator's own definition may go with the operator.
    case operatorDefinition
    /// Names lead users to gateways that are gone, until somebody has changed the records.
    case requestsByName
    /// The control plane may have another version than the takeover says, which a later step
    /// tells.
    case otherVersions
}

extension Exemption {
    /// The exemptions of each step that has any, by its name. What a takeover puts right
    /// behind such a step has them too.
    ///
    /// Big Bang's segment has no gateways, and for a moment nobody injects: whoever stopped
    /// it there would keep users out. What comes back, and what must, is checked object by
    /// object by the segment's own steps.
    static let byStep: [String: Set<Exemption>] = [
        RemoveOldResources.gateways.name: [.oldGateways],
        RemoveOldResources.controlPlane.name: [.oldGateways, .oldWebhooks],
        // In place it changes what new pods get at once.
        UpdateIstio.outline.name: [.from(.injection)],
        ChangeValues.stepOne.name: [
            .from(.webhooks), .from(.injection), .from(.sidecars), .from(.readiness),
            .from(.roots), .from(.gateways), .from(.requests),
        ],
        AwaitOldGone.outline.name: [
            .from(.webhooks), .from(.injection), .from(.sidecars), .from(.readiness),
            .from(.roots), .from(.gateways), .from(.requests),
        ],
        CheckNewMesh.outline.name: [
            .from(.webhooks), .from(.sidecars), .from(.roots), .from(.gateways), .from(.requests),
        ],
        FindBareWorkloads.outline.name: [.from(.sidecars), .from(.gateways), .from(.requests)],
        ChangeValues.stepTwo.name: [.from(.gateways), .from(.requests), .operatorDefinition],
    ]

    /// What is so from one step of a phase up to another, whatever stands between them.
    static let bySpan: [(first: String, last: String, exemption: Exemption)] = [
        (ChangeValues.stepOne.name, AwaitDNS.outline.name, .requestsByName),
        (ChangeValues.stepOne.name, CompareMesh.outline.name, .otherVersions),
    ]

    /// Those of each of a phase's steps by the spans that it lies in.
    static func bySpan(of names: [String]) -> [Set<Exemption>] {
        var exemptions: [Set<Exemption>] = Array(repeating: [], count: names.count)
        for (first, last, exemption) in bySpan {
            guard let start = names.firstIndex(of: first), let end = names.firstIndex(of: last),
                start <= end
            else { continue }
            for index in start...end { exemptions[index].insert(exemption) }
        }
        return exemptions
    }

    /// The steps that have no invariants: the lock and the note are nobody's but ours.
    static let unguarded: Set<String> = [
        TakeLock.outline.name, ReleaseLock.outline.name, NoteAnalysis.outline.name,
        CompareAnalysis.outline.name,
    ]
}
