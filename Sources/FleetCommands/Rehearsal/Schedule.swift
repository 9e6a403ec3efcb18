/// How long pieces of work take when so many are done at once, each begun as soon as there is
/// room for it, in their order.
struct Schedule: Hashable, Sendable {
    let length: Duration

    init(lengths: [Duration], atOnce: Int) {
        var ends = [Duration](repeating: .zero, count: max(1, min(atOnce, lengths.count)))
        for length in lengths {
            let first = ends.indices.min { ends[$0] < ends[$1] } ?? 0
            ends[first] += length
        }
        length = ends.max() ?? .zero
    }
}
