/// Which clusters of the shared lab belong to which test: nobody meets anybody
/// else's, so that the tests may run in any order.
///
/// Odd clusters have the first management cluster, even ones the second. The two
/// suites that run side by side keep to one each.
enum Flock {
    static let size = 14

    static let completed = [1, 3, 5]
    static let approved = [7]
    static let quiet = [9]
    static let troubled = [11]

    static let halted = [2, 4]
    static let interrupted = [6]
    static let killed = [10]
    static let contested = [12]
    static let deserted = [14]

    static func name(_ number: Int) -> String { number < 10 ? "edge-0\(number)" : "edge-\(number)" }
}
