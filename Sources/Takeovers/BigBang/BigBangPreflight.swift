import FleetModel

/// What the preflight of a takeover of Big Bang asks.
enum BigBangPreflight {
    /// There is one name for the old control plane and the new one: P06 does not come up.
    static let checks = PreflightQuestions.all(with: own, without: ["P06"])

    private static let own = [
        PreflightCheck(
            "P03", "the control plane is well", cure: "wait until istiod is available"),
        PreflightCheck(
            "P10", "identities, and what pods may reach outside, stay as they are",
            cure: "say `trustDomain` and `outboundTrafficPolicy` in Big Bang's values for the new "
                + "istiod, too"),
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
            "PB1", "every HelmRelease is ready, and Big Bang is 2.49 or later",
            cure: "see `kubectl -n bigbang get helmreleases`, and cure it in git, or upgrade "
                + "Big Bang"),
        PreflightCheck(
            "PB2", "the values can be delivered as the takeover says",
            cure: "set `delivery` to who owns the values: git (hook) or the cluster (override)"),
        PreflightCheck(
            "PB3", "Helm may take over what the operator made",
            cure: "bring Flux to 2.5 first: older ones refuse with `invalid ownership metadata`"
        ),
        PreflightCheck(
            "PB4", "the VirtualServices name the new gateways, too",
            cure: "let the takeover patch them, or add the gateways where the routes come from"),
    ]
}
