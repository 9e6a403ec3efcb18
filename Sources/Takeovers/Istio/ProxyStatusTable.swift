/// What `istioctl proxy-status` prints: the proxies that istiods know, one a line.
///
/// Three formats are told apart by their titles: four columns of types (istioctl 1.14 to
/// 1.26), one column that counts them (1.27 and later), and a column for each type that
/// is there (the same with `-v 1`).
struct ProxyStatusTable: Hashable, Sendable {
    let rows: [Row]

    struct Row: Hashable, Sendable {
        let pod: String
        let namespace: String
        let cluster: String
        /// The name of an istiod's pod, which only that pod's labels lead to a revision.
        let istiod: String
        /// The control plane's version up to istioctl 1.18, the proxy's from 1.19 on.
        let version: String
        /// How each type of configuration stands, by its name such as `LDS`.
        let types: [String: Sync]
    }

    /// How far a proxy is with one type of configuration.
    enum Sync: String, Hashable, Sendable {
        case synced, notSent, stale, error, ignored, unknown
    }

    /// Reads the whole output; text before the titles is left out.
    ///
    /// No titles means that there are no proxies. `nil` when a line does not fit the
    /// titles: then nothing of it can be trusted.
    init?(_ text: String) {
        let lines = text.split(whereSeparator: \.isNewline).map(String.init)
        guard let start = lines.firstIndex(where: \.isTitle) else {
            rows = []
            return
        }
        let titles = lines[start].cells
        var rows: [Row] = []
        for line in lines[(start + 1)...] where !line.allSatisfy(\.isWhitespace) {
            guard let row = Row(line.cells, under: titles) else { return nil }
            rows.append(row)
        }
        self.rows = rows
    }
}

extension ProxyStatusTable.Row {
    /// Types that the proxy has not taken, in order. Newer ones are given a moment
    /// before they count as unhealthy.
    var troubles: [String] {
        types.filter { $0.value == .stale || $0.value == .error }.keys.sorted()
    }

    fileprivate init?(_ cells: [String], under titles: [String]) {
        guard cells.count == titles.count else { return nil }
        let values = Dictionary(zip(titles, cells)) { first, _ in first }
        guard let name = values["NAME"], let istiod = values["ISTIOD"],
            let version = values["VERSION"]
        else { return nil }
        (pod, namespace) = proxyName(name)
        (cluster, self.istiod, self.version) = (values["CLUSTER"] ?? "", istiod, version)
        types =
            values["SUBSCRIBED TYPES"].map(subscriptions)
            ?? values.filter { $0.key.hasSuffix("DS") }
            .mapValues(ProxyStatusTable.Sync.init(cell:))
    }
}

extension ProxyStatusTable.Sync {
    /// Reads a cell such as `SYNCED (3m11s)` or `STALE (Never Acknowledged)`.
    fileprivate init(cell: String) {
        let word = cell.split(separator: "(").first.map { $0.filter { !$0.isWhitespace } } ?? ""
        switch word {
        case "SYNCED": self = .synced
        case "NOTSENT", "NOT_SENT": self = .notSent
        case "STALE": self = .stale
        case "ERROR": self = .error
        case "IGNORED": self = .ignored
        default: self = .unknown
        }
    }
}

/// Splits `pod.namespace` at the last dot: a pod's name may have dots, a namespace has none.
func proxyName(_ name: String) -> (pod: String, namespace: String) {
    guard let dot = name.lastIndex(of: ".") else { return (name, "") }
    return (String(name[..<dot]), String(name[name.index(after: dot)...]))
}

/// The types in a cell such as `4 (CDS,LDS,EDS,RDS)`: what is counted there is in sync.
private func subscriptions(_ cell: String) -> [String: ProxyStatusTable.Sync] {
    guard let open = cell.firstIndex(of: "("), let close = cell.lastIndex(of: ")"), open < close
    else { return [:] }
    let names = cell[cell.index(after: open)..<close].split(separator: ",")
    let pairs = names.map { ($0.filter { !$0.isWhitespace }, ProxyStatusTable.Sync.synced) }
    return Dictionary(pairs) { first, _ in first }
}

extension String {
    fileprivate var isTitle: Bool {
        hasPrefix("NAME ") && contains(" CLUSTER") && contains("ISTIOD")
    }

    /// The cells of a line: they are two or more blanks apart and hold single ones only.
    fileprivate var cells: [String] {
        var cells: [String] = []
        var cell = ""
        var blanks = 0
        for character in self {
            if character == " " || character == "\t" {
                blanks += 1
                continue
            }
            if blanks > 1, !cell.isEmpty {
                cells.append(cell)
                cell = ""
            } else if blanks == 1, !cell.isEmpty {
                cell += " "
            }
            cell.append(character)
            blanks = 0
        }
        return cell.isEmpty ? cells : cells + [cell]
    }
}
