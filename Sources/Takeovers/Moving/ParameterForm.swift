import FleetModel

/// What a parameter's value has to look like.
enum ParameterForm: Hashable, Sendable {
    case text
    case duration
    case flag
    /// A list of texts such as `bookinfo/details-v1`.
    case list
    case choice([String])
    /// A list of some of these.
    case choices([String])
    /// A mapping with texts under some of these keys.
    case texts([String])
    /// A list of namespaces that are not protected.
    case namespaces
    /// A whole percentage below 100, such as `5%`.
    case percent
    /// A list of URLs, or of mappings that ``TrafficProbe`` takes.
    case probes
    /// A list of releases, or of mappings that ``GatewayRelease`` takes.
    case gateways

    /// What is wrong with the value of a parameter; `nil` when it is of the right form.
    func complaint(about value: JSON, of name: String) -> String? {
        guard !accepts(value) else { return nil }
        if self == .probes,
            let complaint = value.array?.lazy.compactMap(TrafficProbe.complaint).first
        {
            return "a probe of parameter \(name.quoted) \(complaint)"
        }
        return "parameter \(name.quoted) should be \(self), got: \(value)"
    }

    private func accepts(_ value: JSON) -> Bool {
        switch self {
        case .text: value.nonEmpty != nil
        case .duration: value.string.flatMap(Duration.init(text:)) != nil
        case .flag: value.bool != nil
        case .list: value.array.map { $0.allSatisfy { $0.nonEmpty != nil } } ?? false
        case .choice(let choices): value.string.map(choices.contains) ?? false
        case .choices(let choices):
            value.array.map { $0.allSatisfy { $0.string.map(choices.contains) ?? false } } ?? false
        case .texts(let keys):
            value.object.map { entries in
                entries.allSatisfy { keys.contains($0.key) && $0.value.nonEmpty != nil }
            } ?? false
        case .namespaces:
            value.array.map { names in
                names.allSatisfy { name in
                    name.string.map { $0.isLabel && !MeshNamespace.isProtected($0) } ?? false
                }
            } ?? false
        case .percent: value.percent != nil
        // What is wrong with one of them is told with a hint of its own.
        case .gateways: value.array != nil
        case .probes:
            value.array.map { $0.allSatisfy { TrafficProbe.complaint(about: $0) == nil } } ?? false
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
        case .choices(let choices): "a list of \(choices.map(\.quoted).joined(separator: ", "))"
        case .namespaces: "a list of namespaces, none of them Istio's, Gloo's or Kubernetes' own"
        case .percent: #"a percentage such as "5%""#
        case .probes: "a list of probes, each a URL or url, status and gateway"
        case .gateways: #"a list of "namespace/release", or of mappings with release and by"#
        case .texts(let keys): "texts under \(keys.map(\.quoted).joined(separator: ", "))"
        }
    }
}

extension JSON {
    /// A whole percentage below 100; nothing would ever be too much of 100%.
    var percent: Int? {
        guard let text = string, text.hasSuffix("%"), let number = Int(text.dropLast()),
            (0..<100).contains(number)
        else { return nil }
        return number
    }
}
