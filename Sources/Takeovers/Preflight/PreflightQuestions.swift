import FleetModel

/// What the preflight of every runbook asks.
enum PreflightQuestions {
    /// These and a runbook's own, in the order of their numbers; those without one come last.
    ///
    /// One of its own takes the place of the shared one of its number.
    static func all(
        with own: [PreflightCheck], without missing: [String] = []
    ) -> [PreflightCheck] {
        let replaced = Set(own.map(\.number) + missing)
        let all = shared.filter { !replaced.contains($0.number) } + own
        let places = all.enumerated().sorted {
            (rank($0.element), $0.offset) < (rank($1.element), $1.offset)
        }
        return places.map(\.element)
    }

    private static func rank(_ check: PreflightCheck) -> Int {
        Int(check.number.dropFirst()) ?? (shared.contains(check) ? 100 : 101)
    }

    private static let shared = [
        PreflightCheck(
            "P01", "the API server answers, and we may do what has to be done",
            cure: "grant what the README lists under \"What the tool needs in each cluster\""),
        PreflightCheck(
            "P03", "the old control plane is well, and the new revision is free",
            cure: "wait until istiod is available, or choose another revision; one outside "
                + "istio-system has to be moved by hand"),
        PreflightCheck(
            "P04", "Istio's webhooks lead to somebody who answers",
            cure: "restart the istiod behind the webhook, or delete a webhook that is left over"),
        PreflightCheck(
            "P05", "every namespace is selected by one injector that exists",
            cure: "put the namespace's labels right with `kubectl label`"),
        PreflightCheck(
            "P06", "nobody uses the old revision whom no step leads over",
            cure: "lead them over, and name machines' groups in `waived`"),
        PreflightCheck(
            "P07", "the workloads are well and can be restarted",
            cure: "finish or resume the rollout, or name the workload in `waived`"),
        PreflightCheck(
            "P08", "disruption budgets are kept",
            cure: "see why pods are not ready; a lone istiod wants a second replica"),
        PreflightCheck(
            "P09", "there is one root of trust",
            cure: "join the roots in `cacerts` before anything moves"),
        PreflightCheck(
            "P12", "the old IstioOperators are well",
            cure: "see the operator's log, and wait until nothing is being removed"),
        PreflightCheck(
            "P13", "the CNI node agent does not go with the old revision",
            cure: "let the new installation take `istio-cni-node` over before `retire`"),
        PreflightCheck(
            "P14", "istioctl finds no errors in Istio's configuration",
            cure: "see `istioctl analyze -A`; set the parameter `analysis` to what errors do"),
        PreflightCheck(
            "P15", "the new version is at most two minors ahead",
            cure: "go by an intermediate version, or set the parameter `allowSkew`"),
        PreflightCheck(
            "P17", "no policy names the old gateways",
            cure: "let the policy name the new gateways' account, too"),
        PreflightCheck(
            "P18", "pods can be created",
            cure: "see the event: a quota, an admission webhook or a security policy"),
        PreflightCheck(
            "P19", "there is room for another istiod and the surge of restarts",
            cure: "add nodes, or free some"),
        PreflightCheck(
            "P20", "the takeover's probes are answered as they should be",
            cure: "see why, from where the cluster's commands run; or put the probe right"),
        PreflightCheck(
            "PO1", "the platform is the one that the takeover says",
            cure:
                "set the parameter `platform` to `openshift` for those clusters alone"),
        PreflightCheck(
            "lock", "nobody else migrates this cluster",
            cure: "wait for the other run, or delete the lease once it is over"),
    ]
}
