import FleetModel

extension LabFault {
    /// Reads a fault as an operator names it; `firstWorkload` stands for an `owner` that
    /// wasn't given.
    ///
    /// - Throws: `BadRequest` when there is no such fault or parameter, or a value makes no sense.
    public init(
        name: String, parameters: [String: String] = [:], firstWorkload: String? = nil
    ) throws(StatusError) {
        guard let kind = LabFaultKind(rawValue: name) else {
            let known = LabFaultKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw .badRequest("there is no fault \(name.jsonQuoted); the lab has \(known)")
        }
        try Self.check(Array(parameters.keys), of: kind)
        switch kind {
        case .controlPlaneNeverReady: self = .controlPlaneNeverReady
        case .unreachable: self = .unreachable
        case .hung: self = .hung
        case .injectorDown: self = .injectorDown(revision: parameters["revision"])
        case .imagePullBackOff: self = .imagePullBackOff(image: parameters["image"] ?? "-solo")
        case .glooFailure: self = .glooFailure(state: parameters["state"] ?? "FAILED")
        case .glooStuck: self = .glooStuck
        case .defaultTagNeverComes: self = .defaultTagNeverComes
        case .addressNeverComes: self = .addressNeverComes
        case .quotaExceeded: self = .quotaExceeded
        case .certificateMissing: self = .certificateMissing
        case .operatorGone: self = .operatorGone
        case .pruningLate: self = .pruningLate
        case .orphanedAddress: self = .orphanedAddress
        case .injectorRestored: self = .injectorRestored
        case .removalRefused: self = .removalRefused
        case .rootChanged: self = .rootChanged
        case .trustSplit: self = .trustSplit
        case .releaseFails: self = .releaseFails(release: parameters["release"] ?? "istiod")
        case .releaseStalls: self = .releaseStalls(release: parameters["release"] ?? "bigbang")
        case .ownershipRefused: self = .ownershipRefused
        case .networkPruned: self = .networkPruned
        case .conflictStorm: self = .conflictStorm
        case .permissionDenied:
            self = .permissionDenied(resource: parameters["resource"] ?? "*")
        case .slow:
            let late = try Self.number(parameters["milliseconds"], or: 2000, "milliseconds")
            self = .slow(milliseconds: late)
        case .flaky: self = .flaky(every: try Self.number(parameters["every"], or: 10, "every"))
        case .glooUnhealthy:
            self = .glooUnhealthy(
                seconds: try Self.number(parameters["seconds"], or: 60, "seconds"))
        case .workloadNeverReady:
            let owner = try Self.owner(parameters["owner"] ?? firstWorkload, name)
            self = .workloadNeverReady(owner: owner, crashes: parameters["crashes"] == "true")
        case .requestsFail:
            self = .requestsFail(owner: try Self.owner(parameters["owner"] ?? firstWorkload, name))
        }
    }

    private static func owner(_ given: String?, _ name: String) throws(StatusError) -> String {
        guard let given else {
            throw .badRequest("\(name) needs an owner such as shop/cart: nothing runs here")
        }
        return given
    }

    private static func check(_ given: [String], of kind: LabFaultKind) throws(StatusError) {
        let known = kind.parameters.map(\.name)
        guard let unknown = given.sorted().first(where: { !known.contains($0) }) else { return }
        let hint = known.isEmpty ? "it takes none" : "it takes \(known.joined(separator: ", "))"
        throw .badRequest("\(kind.rawValue) has no parameter \(unknown.jsonQuoted); \(hint)")
    }

    private static func number(
        _ text: String?, or fallback: Int, _ name: String
    ) throws(StatusError) -> Int {
        guard let text else { return fallback }
        guard let number = Int(text), (1...86_400_000).contains(number) else {
            throw .badRequest("\(name) should be a number above zero, got: \(text.jsonQuoted)")
        }
        return number
    }
}
