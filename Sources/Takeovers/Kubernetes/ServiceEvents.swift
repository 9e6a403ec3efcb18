import FleetModel

/// What the cluster says of a Service that waits for its address.
///
/// Only whoever makes load balancers knows why none comes: an empty pool, a quota, a missing
/// right. They say so in events, and nowhere else.
enum ServiceEvents {
    static func path(_ name: String, in namespace: String) -> String {
        let selector = "involvedObject.kind=Service,involvedObject.name=\(name)".percentEncoded
        return "/api/v1/namespaces/\(namespace)/events?fieldSelector=\(selector)&limit=500"
    }

    /// That there is no address yet, and why as far as anybody says.
    static func addressLack(
        of name: String, in namespace: String, _ view: ClusterView
    ) throws(Pause) -> String {
        let lack = "Service \(namespace)/\(name) has no address yet"
        let result = try view.result(of: .path(path(name, in: namespace), on: .cluster))
        // Who may not read events is no worse off than where nobody wrote any.
        guard case .found(let list) = result, let words = latestWarning(list) else { return lack }
        return "\(lack) (\(words))"
    }

    /// The latest warning, in its own words. Whatever else a server sends is passed over.
    static func latestWarning(_ list: JSON) -> String? {
        let warnings = list.items("items").filter { $0["type"]?.string == "Warning" }
        let latest = warnings.max {
            ($0.lastSeen ?? .init(milliseconds: 0)) < ($1.lastSeen ?? .init(milliseconds: 0))
        }
        guard let message = latest?["message"]?.nonEmpty else { return nil }
        let reason = latest?["reason"]?.nonEmpty.map { "\($0): " } ?? ""
        let words = message.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return reason + (words.count > mostWords ? words.prefix(mostWords) + "…" : words)
    }

    /// Clouds answer with whole requests; the beginning tells what is wrong.
    private static let mostWords = 300
}
