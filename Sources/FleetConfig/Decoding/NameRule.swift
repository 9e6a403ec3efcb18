/// What a name may look like, for one kind of thing.
enum NameRule {
    /// A name of ours: it becomes part of file names and of command ids on other hosts.
    case ours
    /// RFC 1123 label, as Kubernetes asks of namespaces and label values of revisions.
    case label
    /// RFC 1123 subdomain, as Kubernetes asks of an object's name.
    case subdomain
    /// The tag of a container image.
    case imageTag

    /// What an error says the name should be.
    var expectation: String {
        switch self {
        case .ours: "at most 100 letters, digits, `.`, `_` or `-`, starting with one of the first"
        case .label: "at most 63 lower-case letters, digits or `-`, with no `-` at either end"
        case .subdomain:
            "at most 253 lower-case letters, digits, `-` or `.`, the last two within the name"
        case .imageTag: "an image tag: at most 128 letters, digits, `.`, `_` or `-`"
        }
    }

    func holds(for name: String) -> Bool {
        switch self {
        case .ours: fits(name, 100, in: "._-", isLetter: \.isLetter)
        case .imageTag: fits(name, 128, in: "._-", isLetter: \.isLetter)
        case .label: fits(name, 63, in: "-", isLetter: \.isLowercaseLetter) && endsWell(name)
        case .subdomain:
            fits(name, 253, in: "-.", isLetter: \.isLowercaseLetter)
                && name.split(separator: ".", omittingEmptySubsequences: false)
                    .allSatisfy { !$0.isEmpty && $0.first != "-" && endsWell(String($0)) }
        }
    }

    private func fits(
        _ name: String, _ limit: Int, in marks: String, isLetter: (UInt8) -> Bool
    ) -> Bool {
        guard let first = name.utf8.first, isLetter(first) || WholeNumber.isDigit(first) else {
            return false
        }
        return name.utf8.count <= limit
            && name.utf8.allSatisfy {
                isLetter($0) || WholeNumber.isDigit($0) || marks.utf8.contains($0)
            }
    }

    private func endsWell(_ name: String) -> Bool { name.last != "-" }
}

extension UInt8 {
    fileprivate var isLowercaseLetter: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self)
    }
    fileprivate var isLetter: Bool { (self | 0x20).isLowercaseLetter }
}
