/// The resources of the sail operator, which belong to the whole cluster.
enum SailKinds {
    static let group = "sailoperator.io"
    static let istios = "istios.\(group)"
    static let revisions = "istiorevisions.\(group)"
    static let tags = "istiorevisiontags.\(group)"
}
