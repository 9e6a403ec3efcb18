import FleetModel

/// A setting of the Gloo runbook, by the name it has under `parameters`.
enum GlooParameter: String, CaseIterable, Sendable {
    case trustDomain
    case probeHold
    case settle
    case proofHold
    case poll
    case first
    case last
    case allowLeftBehind
    case allowSkew
    case waived
    case gateways
    case testNamespace
    case testImage
    case clientImage

    enum Form: Hashable, Sendable {
        case text
        case duration
        case flag
        /// A list of texts such as `bookinfo/details-v1`.
        case list
        case choice([String])
    }

    var form: Form {
        switch self {
        case .trustDomain, .testNamespace, .testImage, .clientImage: .text
        case .probeHold, .settle, .proofHold, .poll: .duration
        case .first, .last, .waived: .list
        case .allowLeftBehind, .allowSkew: .flag
        case .gateways: .choice(["none"])
        }
    }

    /// What is wrong with a value; `nil` when it is of the right form.
    func complaint(about value: JSON) -> String? {
        guard !accepts(value) else { return nil }
        return "parameter \(rawValue.quoted) should be \(form), got: \(value)"
    }

    private func accepts(_ value: JSON) -> Bool {
        switch form {
        case .text: value.nonEmpty != nil
        case .duration: value.string.flatMap(Duration.init(text:)) != nil
        case .flag: value.bool != nil
        case .list: value.array.map { $0.allSatisfy { $0.nonEmpty != nil } } ?? false
        case .choice(let choices): value.string.map(choices.contains) ?? false
        }
    }
}

extension GlooParameter.Form: CustomStringConvertible {
    var description: String {
        switch self {
        case .text: "a text"
        case .duration: #"a duration such as "20s" or "1m""#
        case .flag: "true or false"
        case .list: #"a list of "namespace/name""#
        case .choice(let choices): choices.map(\.quoted).joined(separator: " or ")
        }
    }
}
