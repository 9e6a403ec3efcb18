import FleetModel

/// A gateway's release as a takeover names it, and the way it is moved.
///
/// ```
///   gateways:
///     - istio-ingress/istio-ingress
///     - {release: istio-egress/istio-egress, by: canary}
/// ```
struct GatewayRelease: Hashable, Sendable {
    let namespace: String
    let name: String
    let way: Way

    enum Way: String, CaseIterable, Sendable {
        /// Where it stands, by its Deployment's rolling update.
        case upgrade
        /// By a second release beside it, whose pods share its Service.
        case canary
    }

    /// As a takeover writes it; `nil` for what ``complaint(about:)`` has a word for.
    init?(_ written: JSON) {
        guard Self.complaint(about: written) == nil else { return nil }
        let parts = Self.release(in: written).split(separator: "/").map(String.init)
        (namespace, name) = (parts[0], parts[1])
        way = written["by"]?.string.flatMap(Way.init) ?? .upgrade
    }

    /// What is wrong with what is written for a gateway; `nil` when it is of the right form.
    static func complaint(about written: JSON) -> String? {
        if let members = written.object {
            let unknown = members.keys.filter { !["release", "by"].contains($0) }.sorted()
            if let key = unknown.first { return "a gateway has no \(key.quoted), got: \(written)" }
            if let way = members["by"], way.string.flatMap(Way.init) == nil {
                let ways = Way.allCases.map(\.rawValue.quoted).joined(separator: " or ")
                return #"a gateway's "by" should be \#(ways), got: \#(way)"#
            }
        }
        let release = release(in: written)
        let parts = release.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ String($0).isLabel }) else {
            let words = written.object == nil ? release : "\(written)"
            return "\(words.quoted) is no release of a gateway"
        }
        return nil
    }

    private static func release(in written: JSON) -> String {
        written.string ?? written["release"]?.string ?? ""
    }

    /// The release that serves beside it while it is moved by canary.
    func standIn(for revision: Revision) -> String { "\(name)-\(revision)" }

    /// Helm takes no longer names.
    static let longestName = 53
}
