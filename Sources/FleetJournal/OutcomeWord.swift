/// What the `outcome` column says of attempts that did not fail; of those that
/// did it names the kind of failure.
enum OutcomeWord {
    static let changed = "changed"
    static let unchanged = "unchanged"
    static let lost = "lost"
}
