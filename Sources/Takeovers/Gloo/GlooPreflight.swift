import FleetModel

/// What the preflight of a Gloo takeover asks.
enum GlooPreflight {
    static let checks = PreflightQuestions.all(with: own)

    private static let own = [
        PreflightCheck(
            "P02", "no context has an underscore",
            cure: "rename it with `kubectl config rename-context`"),
        PreflightCheck(
            "P10", "the trust domain stays, and what pods may reach outside",
            cure:
                "give the parameter `trustDomain`; set `outboundTrafficPolicy` in the manifest's "
                + "`meshConfig`; where istio-proxy comes first, name the container to "
                + "`kubectl exec` and `logs`"),
        PreflightCheck(
            "P11", "no old operator will handle the new installation's resources",
            cure: "set REVISION of the old operator, so that it looks at its own resources only"),
        PreflightCheck(
            "P16", "clients of the gateways need not be led elsewhere, and see no new one early",
            cure: "set the parameter `gateways` to `dns`, or `none` if somebody else leads them; "
                + "for a new gateway, do what the finding says"),
        PreflightCheck(
            "PG1", "Gloo has accepted the cluster", cure: "register it with Gloo"),
        PreflightCheck(
            "PG2", "Gloo's resources do not contradict the takeover",
            cure: "see the resource in the management cluster"),
    ]
}
