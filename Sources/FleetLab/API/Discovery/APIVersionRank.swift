/// How good a version is: v2 over v1 over v1beta2 over v1alpha1, and those over anything
/// else (apimachinery's `version.CompareKubeAwareVersionStrings`).
struct APIVersionRank: Comparable {
    private var stability = 0
    private var major = 0
    private var minor = 0
    private var text: String

    init(_ version: String) {
        text = version
        guard let match = version.wholeMatch(of: /v(\d+)(?:(alpha|beta)(\d+))?/),
            let major = Int(match.1)
        else { return }
        self.major = major
        switch match.2 {
        case "alpha"?: stability = 1
        case "beta"?: stability = 2
        default: stability = 3
        }
        minor = match.3.flatMap { Int($0) } ?? 0
    }

    static func < (left: APIVersionRank, right: APIVersionRank) -> Bool {
        let ranks = (left.stability, left.major, left.minor)
        let others = (right.stability, right.major, right.minor)
        // Of two odd ones the alphabetically earlier is the better.
        return ranks == others ? left.text > right.text : ranks < others
    }
}
