import FleetModel

/// What a parameter's value has to look like.
enum ParameterForm: Hashable, Sendable {
    case text
    case duration
    case flag
    /// A list of texts such as `bookinfo/details-v1`.
    case list
    case choice([String])
    /// A mapping with texts under some of these keys.
    case texts([String])

    /// What is wrong with the value of a parameter; `nil` when it is of the right form.
    func complaint(about value: JSON, of name: String) -> String? {
        guard !accepts(value) else { return nil }
        return "parameter \(name.quoted) should be \(self), got: \(value)"
    }

    private func accepts(_ value: JSON) -> Bool {
        switch self {
        case .text: value.nonEmpty != nil
        case .duration: value.string.flatMap(Duration.init(text:)) != nil
        case .flag: value.bool != nil
        case .list: value.array.map { $0.allSatisfy { $0.nonEmpty != nil } } ?? false
        case .choice(let choices): value.string.map(choices.contains) ?? false
        case .texts(let keys):
            value.object.map { entries in
                entries.allSatisfy { keys.contains($0.key) && $0.value.nonEmpty != nil }
            } ?? false
        }
    }
}

extension ParameterForm: CustomStringConvertible {
    var description: String {
        switch self {
        case .text: "a text"
        case .duration: #"a duration such as "20s" or "1m""#
        case .flag: "true or false"
        case .list: #"a list of "namespace/name""#
        case .choice(let choices): choices.map(\.quoted).joined(separator: " or ")
        case .texts(let keys): "texts under \(keys.map(\.quoted).joined(separator: ", "))"
        }
    }
}
