import FleetModel

/// A request of the kind that users make, to see whether they are served.
///
/// It is made where the cluster's other commands run, by `curl`, without following redirects.
struct TrafficProbe: Hashable, Sendable {
    let url: String
    /// The statuses that are wanted; empty stands for any from 200 to 399.
    let statuses: [Int]
    /// The gateway's Service, `namespace/name`, whose address is asked whatever DNS says.
    let gateway: String?

    /// As a takeover writes it: the URL alone, or a mapping; `nil` for what ``complaint(about:)``
    /// has a word for.
    init?(_ written: JSON) {
        guard Self.complaint(about: written) == nil else { return nil }
        let url = written.string ?? written["url"]?.string ?? ""
        let status = written["status"]
        self.url = url
        statuses = status?.array?.compactMap(\.int) ?? status?.int.map { [$0] } ?? []
        gateway = written["gateway"]?.string
    }

    /// The probe of one cluster, its placeholders filled in.
    func filled(for situation: Situation) throws(Pause) -> TrafficProbe {
        TrafficProbe(
            url: try Placeholders.fill(url, for: situation), statuses: statuses, gateway: gateway)
    }

    private init(url: String, statuses: [Int], gateway: String?) {
        (self.url, self.statuses, self.gateway) = (url, statuses, gateway)
    }

    func accepts(_ status: Int) -> Bool {
        statuses.isEmpty ? (200..<400).contains(status) : statuses.contains(status)
    }
}

// MARK: - Asking

extension TrafficProbe {
    /// Requests of one look: enough to see one bad replica among a few.
    static let requests = 5

    /// A line for each request: its HTTP status, 000 when there was none, and curl's words
    /// before it. Its own exit says nothing, for a request that fails is an answer, too.
    private static let script = #"""
        left=$1
        shift
        while [ "$left" -gt 0 ]; do
          curl -gsS -m 5 -o /dev/null -w '%{http_code}\n' "$@" 2>&1
          left=$((left - 1))
        done
        """#

    /// The look, at an address other than that of the URL's host if need be.
    func reading(at address: String? = nil, from cluster: Cluster) -> Reading {
        var words = ["\(Self.requests)"]
        if let address {
            let host = address.contains(":") ? "[\(address)]" : address
            words += ["--connect-to", "::\(host):"]
        }
        let argv = ["sh", "-c", Self.script, "probe"] + words + ["--", url]
        return .output(
            Command(
                argv, place: cluster.place, deadline: .seconds(60), isMutating: false,
                purpose: "see whether \(url) is served"))
    }

    func answer(_ result: ReadResult) -> ProbeAnswer {
        guard case .found(let output) = result else { return ProbeAnswer(failed: "no answer") }
        return ProbeAnswer(output.string ?? "\(output)", to: self)
    }
}

// MARK: - As it is written

extension TrafficProbe {
    private static let keys = ["url", "status", "gateway"]

    /// What is wrong with a probe; `nil` when nothing is.
    static func complaint(about written: JSON) -> String? {
        guard let url = written.string ?? written["url"]?.string else {
            return "has no url: \(written)"
        }
        if let strange = written.object?.keys.sorted().first(where: { !keys.contains($0) }) {
            return "has \(strange.quoted), and there are \(keys.joined(separator: ", "))"
        }
        if let complaint = complaint(aboutURL: url) { return complaint }
        if let status = written["status"] {
            let statuses = (status.array ?? [status]).map { $0.int ?? 0 }
            guard !statuses.isEmpty, statuses.allSatisfy((100...599).contains) else {
                return "should have a status from 100 to 599, or a list of them, got: \(status)"
            }
        }
        guard let gateway = written["gateway"] else { return nil }
        let parts = gateway.string?.split(separator: "/", omittingEmptySubsequences: false) ?? []
        guard parts.count == 2, parts.allSatisfy({ String($0).isLabel }) else {
            return #"should have a gateway such as "namespace/service", got: \#(gateway)"#
        }
        return nil
    }

    /// A URL ends up in records and on curl's command line.
    private static func complaint(aboutURL url: String) -> String? {
        let schemes = ["http://", "https://"]
        guard let scheme = schemes.first(where: url.hasPrefix) else {
            return "should begin with http:// or https://, got: \(url.quoted)"
        }
        let authority = url.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        if authority.contains("@") { return "should not carry a name or a password" }
        let isPlain = url.unicodeScalars.allSatisfy {
            $0.isASCII && $0.value > 32 && $0.value < 127
        }
        guard !authority.isEmpty, isPlain else { return "is no URL: \(url.quoted)" }
        return Placeholders.mistakes(in: url).first.map { "\($0) in \(url.quoted)" }
    }
}
