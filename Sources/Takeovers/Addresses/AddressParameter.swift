import FleetModel

/// A setting of the runbooks that lead clients to other addresses, by the name it has under
/// `parameters`.
enum AddressParameter: String, CaseIterable, Sendable {
    case dns
    case ttl
    case resolvers

    var form: ParameterForm {
        switch self {
        case .dns: .choice(["acknowledge", "others"])
        case .ttl: .duration
        case .resolvers: .list
        }
    }

    static let forms = allCases.map { (name: $0.rawValue, form: $0.form) }
}

/// The same, read.
struct AddressSettings: Hashable, Sendable {
    private let parameters: [String: JSON]

    init(_ parameters: [String: JSON]) { self.parameters = parameters }

    /// Whether somebody else leads clients to the new addresses, so that nobody waits for it.
    var leavesDNSAlone: Bool { self[.dns]?.string == "others" }

    /// How long clients may keep an old address.
    var timeToLive: Duration { self[.ttl]?.string.flatMap(Duration.init(text:)) ?? .minutes(5) }

    /// Who is asked whether the records have changed.
    var resolvers: [String] { (self[.resolvers]?.array ?? []).compactMap(\.string) }

    private subscript(parameter: AddressParameter) -> JSON? { parameters[parameter.rawValue] }
}

extension AddressSettings {
    /// What is wrong with the resolvers, where they are needed or given.
    func problems(areNeeded: Bool) -> [TakeoverProblem] {
        let subject = TakeoverProblem.Subject.parameter(AddressParameter.resolvers.rawValue)
        let isGiven = parameters[AddressParameter.resolvers.rawValue] != nil
        // One resolver may be the one that was told first.
        if Set(resolvers).count < 2, isGiven || (areNeeded && !leavesDNSAlone) {
            return [
                TakeoverProblem(
                    subject,
                    "at least two resolvers have to tell that clients find the new addresses",
                    hint: "name those that clients ask, such as resolvers: [10.0.0.53, 1.1.1.1]")
            ]
        }
        return resolvers.filter { !ResolverQuestion.isResolver($0) }.map {
            TakeoverProblem(
                subject, "\($0.quoted) is no resolver", hint: "write an address or a host's name")
        }
    }
}
