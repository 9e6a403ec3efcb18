import FleetModel

/// Asks a resolver what a name means to it, where the cluster's commands run.
struct ResolverQuestion: Hashable, Sendable {
    let name: String
    /// `A`, or `AAAA`: a name that leads to another is followed by the resolver.
    let type: String
    let resolver: String

    func reading(from cluster: Cluster) -> Reading {
        let argv = [
            cluster.tools["dig"] ?? "dig", "+short", "+time=3", "+tries=2", name, type,
            "@\(resolver)",
        ]
        return .output(
            Command(
                argv, place: cluster.place, deadline: .seconds(30), isMutating: false,
                purpose: "ask \(resolver) for \(name)"))
    }

    /// The names and addresses of an answer; `nil` when there was none.
    static func answers(in result: ReadResult) -> [String]? {
        guard case .found(let output) = result else { return nil }
        let lines = (output.string ?? "\(output)").split(whereSeparator: \.isNewline)
        return lines.map(String.init).filter { !$0.hasPrefix(";") }.map(\.asName)
    }

    /// Words that `dig` would take for an option, or for another resolver, never get there.
    static func isResolver(_ text: String) -> Bool {
        text.isHostName || (text.contains(":") && text.utf8.allSatisfy(hexadecimal.contains))
    }
}

/// Whether the resolvers lead to where some names are to lead by now.
struct ResolverCheck: Sendable {
    let changes: [AddressChange]
    let resolvers: [String]
    let cluster: Cluster

    /// No cut-over has more names than somebody can look through, and each is asked of every
    /// resolver at every look.
    static let limit = 64

    /// Those whose name can be asked for; of a wildcard any name stands for all.
    var asked: [AddressChange] {
        Array(changes.filter { $0.host.question != nil }.prefix(Self.limit))
    }

    /// What a resolver still says otherwise; `nil` when all agree.
    func complaint(_ view: ClusterView) throws(Pause) -> String? {
        try view.require(asked.flatMap(questions).map { $0.reading(from: cluster) })
        for resolver in resolvers {
            for change in asked {
                if let complaint = try complaint(of: resolver, change, view) { return complaint }
            }
        }
        return nil
    }

    private func questions(_ change: AddressChange) -> [ResolverQuestion] {
        let names = [change.host.question] + (isName(change.new) ? [change.new] : [])
        return resolvers.flatMap { resolver in
            names.compactMap { $0.map { question($0, change, resolver) } }
        }
    }

    private func question(
        _ name: String, _ change: AddressChange, _ resolver: String
    ) -> ResolverQuestion {
        ResolverQuestion(
            name: name, type: change.new.recordType == "AAAA" ? "AAAA" : "A", resolver: resolver)
    }

    /// Whether an address is a name that can be asked for itself.
    private func isName(_ address: String) -> Bool {
        address.recordType == "CNAME" && address.isHostName
    }

    private func complaint(
        of resolver: String, _ change: AddressChange, _ view: ClusterView
    ) throws(Pause) -> String? {
        guard let name = change.host.question else { return nil }
        guard let found = try answers(name, change, resolver, view) else {
            return "resolver \(resolver) does not answer for \(name)"
        }
        let targets =
            isName(change.new) ? try answers(change.new, change, resolver, view) ?? [] : []
        guard !change.isMet(by: found, targets: targets) else { return nil }
        if found.isEmpty { return "resolver \(resolver) knows no \(name)" }
        return "resolver \(resolver) leads \(name) to \(found.summary) instead of \(change.new)"
    }

    private func answers(
        _ name: String, _ change: AddressChange, _ resolver: String, _ view: ClusterView
    ) throws(Pause) -> [String]? {
        let question = question(name, change, resolver)
        return ResolverQuestion.answers(in: try view.result(of: question.reading(from: cluster)))
    }
}

extension AddressChange {
    /// Whether an answer leads to the new address, and no longer to the old one. A provider may
    /// answer with what a load balancer's name leads to, instead of the name.
    fileprivate func isMet(by found: [String], targets: [String]) -> Bool {
        guard !found.contains(where: { $0 == old?.asName }) else { return false }
        if found.contains(new.asName) { return true }
        return !found.isEmpty && !targets.isEmpty && Set(found).isSubset(of: targets)
    }
}

extension String {
    /// As names and addresses are compared: without case and the final dot.
    fileprivate var asName: String {
        let name = lowercased()
        return name.hasSuffix(".") ? String(name.dropLast()) : name
    }

    /// The name to ask for in a record's place; `nil` for what is no name.
    fileprivate var question: String? {
        let name = hasPrefix("*.") ? "bellwether\(dropFirst())" : self
        return name.isHostName && name.contains(".") ? name : nil
    }

    /// Whether it is the name of a host, or an address of IPv4, and no option of any tool.
    var isHostName: Bool {
        let labels = split(separator: ".", omittingEmptySubsequences: false)
        return utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.utf8.allSatisfy(nameBytes.contains)
                    && label.first != "-" && label.last != "-"
            }
    }
}

private let nameBytes = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-".utf8)
private let hexadecimal = Set("0123456789abcdefABCDEF:.".utf8)
