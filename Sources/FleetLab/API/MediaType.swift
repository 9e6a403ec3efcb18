/// One offer of an Accept header: `application/json;as=Table;v=v1;g=meta.k8s.io`.
struct MediaType: Hashable, Sendable {
    var name: String
    private var parameters: [String: String] = [:]

    init(_ text: some StringProtocol) {
        let parts = text.split(separator: ";").map { String($0).trimmed }
        name = parts.first?.lowercased() ?? ""
        for part in parts.dropFirst() {
            let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
            if sides.count == 2 { parameters[sides[0]] = sides[1] }
        }
    }

    subscript(parameter: String) -> String? { parameters[parameter] }
}
