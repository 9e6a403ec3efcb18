import Testing

@testable import FleetConfig

struct NearestWordTests {
    @Test(arguments: [
        ("contxet", "context"), ("Clusters", "clusters"), ("claster", "clusters"),
        ("hold", "hold"), ("soka", "soak"),
    ])
    func `a slip or two is understood`(typed: String, meant: String) {
        let known = ["clusters", "context", "hold", "soak"]
        #expect(NearestWord.to(typed, among: known) == meant)
    }

    @Test(arguments: ["", "x", "jumphost", String(repeating: "clusters", count: 10_000)])
    func `a word like no other is not guessed at`(typed: String) {
        #expect(NearestWord.to(typed, among: ["clusters", "context", "hold", "soak"]) == nil)
    }

    @Test(arguments: [
        ("", "", 0), ("a", "", 1), ("", "ab", 2), ("ab", "ba", 1), ("kitten", "sitting", 3),
    ])
    func `slips are counted`(word: String, other: String, slips: Int) {
        #expect(NearestWord.slips(from: word, to: other) == slips)
    }
}
