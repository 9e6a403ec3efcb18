import FleetModel
import FleetTestKit
import Testing

@testable import FleetTerminal

struct DrawingPropertyTests {
    static let painted = Style(isTerminal: true, noColour: false, isUTF8: true)
    static let ascii = Style(isTerminal: false, noColour: true, isUTF8: false)

    @Test(arguments: UInt64(0)..<300)
    func `a run never leaves the width and the height it is given`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let snapshot = RunSnapshot.random(using: &random)
        let width = [0, 1, 7, 20, 59, 80, 200].randomElement(using: &random) ?? 80
        let height = Int.random(in: 0...50, using: &random)
        let style = [.plain, Self.painted, Self.ascii].randomElement(using: &random) ?? .plain
        let lines = RunView.draw(snapshot, width: width, height: height, style: style)
        #expect(lines.count <= height)
        #expect(widest(lines) <= width)
        #expect(height == 0 || lines.first?.isEmpty == false || width == 0)
    }

    @Test(arguments: UInt64(0)..<100)
    func `a status, a list and a plan never leave the width they are given`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let snapshot = RunSnapshot.random(using: &random)
        let plan = Plan.random(using: &random)
        let width = Int.random(in: 1...200, using: &random)
        let lines =
            StatusView.draw(snapshot, isAttended: random.chance(50), width: width, style: .plain)
            + RunList.draw([snapshot, .sample], width: width, style: .plain)
            + PlanView.draw(plan, id: "7F3K", hash: "9f8e", width: width, style: .plain)
        #expect(widest(lines) <= width)
    }

    @Test(arguments: UInt64(0)..<100)
    func `without colour there is nothing for a terminal to obey`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let snapshot = RunSnapshot.random(using: &random)
        let lines =
            RunView.draw(snapshot, width: 90, height: 40, style: .plain)
            + StatusView.draw(snapshot, isAttended: true, width: 90, style: .plain)
            + RunList.draw([snapshot], width: 90, style: .plain)
        let obeyed = lines.joined().unicodeScalars.filter(isControl)
        #expect(obeyed.isEmpty)
    }

    @Test(arguments: UInt64(0)..<100)
    func `with colour there is nothing but colour for a terminal to obey`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let snapshot = RunSnapshot.random(using: &random)
        let lines = RunView.draw(snapshot, width: 90, height: 40, style: Self.painted)
        let rest = lines.map { line in
            [0, 1, 2, 31, 32, 33, 36].reduce(line) { $0.removing("\u{1B}[\($1)m") }
        }
        #expect(rest.joined().unicodeScalars.filter(isControl).isEmpty)
    }

    @Test(arguments: UInt64(0)..<50)
    func `off UTF-8 everything is ASCII`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let snapshot = RunSnapshot.random(using: &random)
        let lines = RunView.draw(snapshot, width: 90, height: 40, style: Self.ascii)
        #expect(lines.joined().utf8.allSatisfy { $0 < 0x80 })
    }

    @Test(arguments: UInt64(0)..<100)
    func `every cluster in trouble has a line in the status`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var snapshot = RunSnapshot.random(using: &random)
        for index in snapshot.clusters.indices {
            snapshot.clusters[index].name = ClusterName("<\(index)>")
        }
        let text = StatusView.draw(snapshot, isAttended: true, width: 200, style: .plain)
            .joined(separator: "\n")
        let missing = snapshot.clusters.filter { !text.contains("\($0.name) ") }
        #expect(missing.isEmpty)
    }

    private func widest(_ lines: [String]) -> Int {
        lines.map(\.withoutSequences.columns).max() ?? 0
    }

    private func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
    }
}

extension String {
    fileprivate func removing(_ text: String) -> String {
        var result = self
        while let range = result.firstRange(of: text) { result.removeSubrange(range) }
        return result
    }
}
