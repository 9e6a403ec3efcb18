import FleetModel

/// A step that changes something, with the invariants around it.
///
/// ```
///   notDone, nothing run yet ─▶ look, to compare with ─▶ act
///   notDone, between items ───▶ look and compare ──────▶ act
///   done ─────────────────────▶ look and compare ──────▶ done, or failed
/// ```
///
/// What may pass by itself is watched for a while before it counts.
struct GuardedStep: Sendable {
    let inner: Step
    let watch: StepWatch

    init(_ inner: Step, _ watch: StepWatch) { (self.inner, self.watch) = (inner, watch) }

    var step: Step {
        Step(
            inner.outline, timeout: inner.timeout, poll: inner.poll, outage: inner.outage,
            hold: Violation.rollout, edits: inner.edits, preview: preview, observe: observe,
            act: inner.act, baseline: baseline,
            recall: { text throws(UnreadableBaseline) in try InvariantLook(text: text) },
            remedy: inner.remedy, waived: inner.waived, upkeep: inner.upkeep)
    }

    private var preview: StepPreview {
        var preview = inner.preview
        preview.keeps = kinds.map(\.label)
        return preview
    }

    /// Asked only after ``observe(_:)`` has looked at the same readings. Should it fail all the
    /// same, what must be so in any case is still looked at in the end.
    private func baseline(_ context: StepContext) -> InvariantLook? {
        try? InvariantLook(kinds, ClusterView(context), watch)
    }

    private var kinds: [InvariantKind] {
        InvariantKind.allCases.filter { kind in
            !watch.excuses(.from(kind)) && (kind != .requests || watch.move.settings.hasProbes)
        }
    }

    private func observe(_ context: StepContext) -> Observation {
        let observation = inner.observe(context)
        do throws(Pause) {
            switch observation {
            case .notDone where !context.hasActed && context.baseline == nil:
                _ = try InvariantLook(kinds, ClusterView(context), watch)
                return observation
            case .notDone where inner.outline.interrupt == .betweenItems:
                return try verdict(on: betweenItems, context) ?? observation
            case .done where try watch.isSpared(ClusterView(context)): return observation
            case .done: return try verdict(on: kinds, context) ?? observation
            default: return observation
            }
        } catch {
            return error.observation
        }
    }

    /// Definitions are megabytes on some clusters, and no restart removes one.
    private var betweenItems: [InvariantKind] { kinds.filter { $0 != .definitions } }

    /// What speaks against going on; `nil` when nothing does.
    private func verdict(
        on kinds: [InvariantKind], _ context: StepContext
    ) throws(Pause) -> Observation? {
        let before = context.baseline as? InvariantLook
        let kinds = before == nil ? kinds.filter(\.isAbsolute) : kinds
        let now = try InvariantLook(kinds, ClusterView(context), watch)
        let violations = now.violations(since: before)
        guard !violations.contains(where: { $0.counts(in: context) }) else {
            throw .terminal(violations.map(\.description).joined(separator: "; "))
        }
        return violations.first.map {
            .settling(item: $0.item, for: $0.tolerance, fingerprint: "")
        }
    }
}
