/// A string that names one kind of thing, so that a cluster's name can never
/// be handed over where a kube context is wanted.
public protocol Name: RawRepresentable<String>, Hashable, Comparable, Sendable, Codable,
    ExpressibleByStringLiteral, CustomStringConvertible
{
    init(_ rawValue: String)
}

extension Name {
    public init(rawValue: String) { self.init(rawValue) }
    public init(stringLiteral value: String) { self.init(value) }
    public var description: String { rawValue }

    /// Byte order, which no locale can change.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.rawValue.utf8.lexicographicallyPrecedes(rhs.rawValue.utf8)
    }
}

/// The name a cluster goes by in the inventory, unique within the fleet.
public struct ClusterName: Name {
    public let rawValue: String
    public init(_ rawValue: String) { self.rawValue = rawValue }
}

/// The kubeconfig context through which a cluster is reached.
public struct KubeContext: Name {
    public let rawValue: String
    public init(_ rawValue: String) { self.rawValue = rawValue }
}

/// The name a bastion goes by in the inventory.
public struct BastionName: Name {
    public let rawValue: String
    public init(_ rawValue: String) { self.rawValue = rawValue }
}

/// One named Istio control plane in a cluster; `default` when it has no name.
public struct Revision: Name {
    public let rawValue: String
    public init(_ rawValue: String) { self.rawValue = rawValue }

    /// What Istio calls an installation without a revision.
    public static let unnamed: Revision = "default"
}

/// The name of a run, short enough to read over the phone: `7F3K`.
public struct RunID: Name {
    public let rawValue: String
    public init(_ rawValue: String) { self.rawValue = rawValue }
}

/// The name of one command of one attempt, the same on every host that sees it.
///
/// Letters, digits, `.`, `_` and `-` only: it is also the name of the command's
/// result directory.
public struct CommandID: Name {
    public let rawValue: String
    public init(_ rawValue: String) { self.rawValue = rawValue }
}
