/// Fills in the tokens of ssh_config: `%h`, `~` and `${VARIABLE}` (TOKENS in ssh_config(5)).
struct SSHTokens: Hashable, Sendable {
    let surroundings: SSHSurroundings
    let query: SSHQuery
    let host: String
    let port: Int
    let user: String
    let hostKeyAlias: String?

    /// The text with everything filled in; `nil` when it has a token that we can't.
    func filled(_ text: String) -> String? {
        var result = ""
        var rest = text[...]
        while let character = rest.popFirst() {
            switch character {
            case "%":
                guard let token = rest.popFirst(), let value = value(of: token) else { return nil }
                result += value
            case "$" where rest.first == "{":
                guard let end = rest.firstIndex(of: "}") else { return nil }
                let name = String(rest[rest.index(after: rest.startIndex)..<end])
                guard let value = surroundings.environment[name] else { return nil }
                result += value
                rest = rest[rest.index(after: end)...]
            default: result.append(character)
            }
        }
        return result
    }

    /// The path with everything filled in, absolute as long as it was meant so.
    func path(_ text: String) -> String? {
        filled(text).map { path in
            if path == "~" { return surroundings.home }
            return path.hasPrefix("~/") ? surroundings.home + path.dropFirst() : path
        }
    }

    private func value(of token: Character) -> String? {
        switch token {
        case "%": "%"
        case "h": host
        case "n": query.name
        case "p": String(port)
        case "r": user
        case "u": surroundings.user
        case "i": String(surroundings.userID)
        case "d": surroundings.home
        case "k": hostKeyAlias ?? host
        case "l": surroundings.hostName
        case "L": surroundings.hostName.prefix { $0 != "." }.description
        default: nil
        }
    }
}
