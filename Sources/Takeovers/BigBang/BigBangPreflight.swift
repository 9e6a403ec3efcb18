import FleetModel

/// What the preflight of a takeover of Big Bang asks.
enum BigBangPreflight {
    static let checks = [
        PreflightCheck(
            "P01", "the API server answers, and we may do what has to be done",
            cure: "grant what the README lists under \"What the tool needs in each cluster\""),
        PreflightCheck(
            "P03", "the control plane is well", cure: "wait until istiod is available"),
        PreflightCheck(
            "P04", "Istio's webhooks lead to somebody who answers",
            cure: "restart the istiod behind the webhook, or delete a webhook that is left over"),
        PreflightCheck(
            "P05", "every namespace is selected by one injector that exists",
            cure: "put the namespace's labels right with `kubectl label`"),
        PreflightCheck(
            "P07", "the workloads are well and can be restarted",
            cure: "finish or resume the rollout, or name the workload in `waived`"),
        PreflightCheck(
            "P08", "disruption budgets are kept", cure: "see why the pods are not ready"),
        PreflightCheck(
            "P09", "there is one root of trust",
            cure: "join the roots in `cacerts` before anything moves"),
        PreflightCheck(
            "P12", "the old IstioOperator is well",
            cure: "see the operator's log, and wait until nothing is being removed"),
        PreflightCheck(
            "P13", "the CNI node agent does not go with the operator's resources",
            cure: "let another installation own `istio-cni-node` first"),
        PreflightCheck(
            "P15", "the new version is at most one minor ahead, as for any upgrade in place",
            cure: "set the parameter `allowSkew`: Big Bang itself goes from 1.23 to 1.25"),
        PreflightCheck(
            "P16", "it is known which gateways get another address",
            cure: "have somebody ready who changes the DNS records"),
        PreflightCheck(
            "P17", "no policy names the old gateways",
            cure: "let the policy name the new gateways' namespace and account, too"),
        PreflightCheck(
            "P18", "pods can be created",
            cure: "see the event: a quota, an admission webhook or a security policy"),
        PreflightCheck(
            "P19", "there is room for another istiod and the surge of restarts",
            cure: "add nodes, or free some"),
        PreflightCheck(
            "lock", "nobody else migrates this cluster",
            cure: "wait for the other run, or delete the lease once it is over"),
        PreflightCheck(
            "PB1", "every HelmRelease is ready, and the version of Big Bang is known",
            cure: "see `kubectl -n bigbang get helmreleases`, and cure it in git"),
        PreflightCheck(
            "PB2", "the values can be delivered as the takeover says",
            cure: "set `delivery` to who owns the values: git (hook) or the cluster (override)"),
        PreflightCheck(
            "PB3", "Helm may take over what the operator made",
            cure: "bring Flux to 2.5 first: older ones refuse with `invalid ownership metadata`"),
        PreflightCheck(
            "PB4", "the VirtualServices name the new gateways, too",
            cure: "let the takeover patch them, or add the gateways where the routes come from"),
    ]
}
