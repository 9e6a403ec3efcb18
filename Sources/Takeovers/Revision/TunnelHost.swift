import FleetModel

/// Whether the new istiod takes the ztunnel that the old one serves.
///
/// An istiod turns every ztunnel away that was not told `PILOT_ENABLE_AMBIENT`, and signs nothing
/// for one whose account it does not trust. New pods of ztunnel would never become ready then.
struct TunnelHost: Sendable {
    let move: Move

    static let paths = [APIPath.deployments]
    private static let ambient = "PILOT_ENABLE_AMBIENT"
    private static let accounts = "CA_TRUSTED_NODE_ACCOUNTS"

    /// Why the new istiod would refuse the DaemonSets' pods; `nil` when it takes what the old one
    /// does, or when nothing tells.
    func refusal(of daemonSets: [JSON], _ view: ClusterView) throws(Pause) -> String? {
        let planes = ControlPlane.all(in: try view.list(APIPath.deployments))
        guard let old = planes.first(where: { $0.revision == move.old }),
            let new = planes.first(where: { $0.revision == move.revision })
        else { return nil }
        let name = "Deployment \(new.deployment.qualifiedName)"
        if isAmbient(old) == true, isAmbient(new) == false {
            return "\(name) is not told \(Self.ambient), and so takes no ztunnel: \(Self.cure)"
        }
        let account = daemonSets.map(account).first { account in
            trusts(account, old) == true && trusts(account, new) == false
        }
        guard let account else { return nil }
        return "\(name) does not trust ztunnel's account \(account) (\(Self.accounts)): "
            + "set `trustedZtunnelNamespace` in its values, and prepare anew"
    }

    /// The words of the preflight, which knows the new istiod's values alone; `nil` when the old
    /// one takes no ztunnel, or when they say something of it.
    func omission(in values: JSON?, _ deployments: [JSON]) -> String? {
        let old = ControlPlane.all(in: deployments).first { $0.revision == move.old }
        guard let old, isAmbient(old) == true, !asks(values ?? [:]) else { return nil }
        return "the values of the new istiod do not ask for \(Self.ambient), without which it "
            + "takes no ztunnel: \(Self.cure)"
    }

    private static let cure = "write `profile: ambient` into its values, and prepare anew"

    /// Any profile may bring it: what is in one only the chart knows.
    private func asks(_ values: JSON) -> Bool {
        let profiles = [["profile"], ["global", "profile"]]
        let variables = [["env", Self.ambient], ["pilot", "env", Self.ambient]]
        return profiles.contains { values[path: $0]?.nonEmpty != nil }
            || variables.contains { path in
                values[path: path].map { $0.bool ?? isTrue($0.string ?? "") } ?? false
            }
    }

    /// `nil` where the value comes from elsewhere.
    private func isAmbient(_ plane: ControlPlane) -> Bool? {
        guard let variable = variable(Self.ambient, of: plane) else { return false }
        return variable["value"]?.string.map(isTrue)
    }

    private func trusts(_ account: String, _ plane: ControlPlane) -> Bool? {
        guard let variable = variable(Self.accounts, of: plane) else { return false }
        return variable["value"]?.string.map { names in
            names.split(separator: ",").contains { $0.filter { $0 != " " } == account }
        }
    }

    private func account(of daemonSet: JSON) -> String {
        let name = daemonSet.template.spec["serviceAccountName"]?.nonEmpty ?? "default"
        return "\(daemonSet.namespace)/\(name)"
    }

    private func variable(_ name: String, of plane: ControlPlane) -> JSON? {
        plane.deployment.template.spec.items("containers").lazy
            .flatMap { $0.items("env") }.first { $0["name"]?.string == name }
    }

    /// As Go reads it.
    private func isTrue(_ text: String) -> Bool {
        ["1", "t", "T", "true", "TRUE", "True"].contains(text)
    }
}
