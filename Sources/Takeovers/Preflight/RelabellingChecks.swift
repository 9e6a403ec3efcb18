import FleetModel

/// The checks of takeovers that lead namespaces over by their labels.
extension PreflightChecks {
    /// Taking the default along, nothing but labels of namespaces leads new pods over, so all
    /// that goes elsewhere by the old default would be left there.
    func relabelling(takingDefault: Bool) -> [Finding] {
        (takingDefault ? strandedSpaces + strandedTemplates : [])
            + keptByGit(takingDefault: takingDefault)
    }

    private var ours: [MeshNamespace] {
        facts.namespaces.filter { $0.isActive && $0.name != move.settings.testNamespace }
    }

    private func isOld(_ labels: [String: String], _ pod: [String: String] = [:]) -> Bool {
        facts.injection.acting(namespaceLabels: labels, podLabels: pod)?.revision == move.old
    }

    private var strandedSpaces: [Finding] {
        let names = ours.filter {
            isOld($0.labels) && !$0.canBeRelabelled(from: move.old, facts.injection)
        }.map(\.name).sorted()
        guard !names.isEmpty else { return [] }
        return [.block("P05", "go to \(move.old) by a revision tag: \(names.summary)")]
    }

    /// One that names the old revision is told to name the new one as it is restarted.
    private var strandedTemplates: [Finding] {
        let labels = Dictionary(ours.map { ($0.name, $0.labels) }) { first, _ in first }
        let owners = facts.workloads.all.filter { workload in
            guard let template = workload.object?.template.labels,
                template[IstioLabel.revision] == nil,
                let space = labels[workload.owner.namespace]
            else { return false }
            return isOld(space, template) && !isOld(space)
        }
        guard !owners.isEmpty else { return [] }
        let names = owners.map { "\($0.owner)" }
        return [
            .block(
                "P05",
                "ask for the default injector by themselves (sidecar.istio.io/inject), where no "
                    + "label of their namespace leads them: \(names.summary)")
        ]
    }

    private func keptByGit(takingDefault: Bool) -> [Finding] {
        let relabelled = ours.filter { namespace in
            takingDefault
                ? namespace.canBeRelabelled(from: move.old, facts.injection)
                : namespace.selection == .named(move.old)
        }
        let kept = relabelled.compactMap { namespace in
            namespace.gitKeeper.map { "\(namespace.name) (\($0))" }
        }.sorted()
        guard !kept.isEmpty else { return [] }
        return [
            .warn("P05", "their labels come from git, which may take ours back: \(kept.summary)")
        ]
    }
}

extension MeshNamespace {
    /// Who writes its labels from a repository, as far as what is on it tells.
    fileprivate var gitKeeper: String? {
        let marks = labels.keys.sorted() + object.annotations.keys.sorted()
        return keepers.first { keeper in marks.contains { $0.hasPrefix(keeper.mark) } }?.name
    }
}

/// What the tools that apply repositories put on what they apply.
private let keepers: [(mark: String, name: String)] = [
    ("kustomize.toolkit.fluxcd.io/", "Flux"), ("helm.toolkit.fluxcd.io/", "Flux"),
    ("argocd.argoproj.io/", "Argo CD"), ("configsync.gke.io/", "Config Sync"),
    ("configmanagement.gke.io/", "Config Sync"), ("objectset.rio.cattle.io/", "Rancher Fleet"),
    // By this Argo CD tracks unless it was told otherwise, and Helm puts it there as well.
    ("app.kubernetes.io/instance", "Argo CD or Helm"),
]
