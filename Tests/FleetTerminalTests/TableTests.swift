import FleetTerminal
import Testing

struct TableTests {
    let table = Table(
        [.init("WAVE"), .init("CLUSTERS", .right), .init("NOTE")],
        rows: [["canary", "1", "goes first"], ["集群", "107"], ["rest", "9", "and on", "unseen"]])

    @Test func `words go left and numbers right, whatever their width`() {
        #expect(
            table.draw(width: 80, style: .plain) == [
                "WAVE    CLUSTERS  NOTE",
                "canary         1  goes first",
                "集群         107",
                "rest           9  and on",
            ])
    }

    @Test func `the widest column of words gives way first`() {
        #expect(
            table.draw(width: 26, style: .plain) == [
                "WAVE    CLUSTERS  NOTE",
                "canary         1  goes fi…",
                "集群         107",
                "rest           9  and on",
            ])
    }

    @Test(arguments: 0..<30)
    func `a table is never wider than asked`(width: Int) {
        for line in table.draw(width: width, style: .plain) { #expect(line.count <= width) }
    }
}
