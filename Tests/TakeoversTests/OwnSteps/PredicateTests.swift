import FleetModel
import Predicates
import Testing

/// Asking a document by a jq program.
struct PredicateTests {
    private static let pod: JSON = [
        "kind": "Pod", "metadata": ["name": "a", "labels": ["app": "web"]],
        "status": ["phase": "Running", "restarts": 3],
    ]

    @Test(arguments: [
        #".kind == "Pod""#, ".status.restarts < 4", ".metadata.labels | has(\"app\")", ".kind",
        ".nothing == null", "[.. | strings] | length == 4", "0", "true, false",
    ])
    func `holds`(text: String) throws {
        #expect(try Predicate(text).answer(on: Self.pod) == .yes)
    }

    @Test(arguments: [
        #".kind == "Node""#, ".nothing", "false", "empty", "false, true", "halt",
        #".status | select(.phase == "Failed")"#,
    ])
    func `does not hold`(text: String) throws {
        #expect(try Predicate(text).answer(on: Self.pod) == .no)
    }

    @Test(arguments: [
        (".kind.name", "Cannot index string with"), (#"error("broken \(.kind)")"#, "broken Pod"),
        ("error({a: 1})", #"{"a":1}"#), ("input", "break"), ("until(false; .)", "longer than"),
        ("last(repeat(1))", "longer than"), ("def f: f; f", "longer than"),
    ])
    func `fails, and goes on as if nothing had been`(text: String, words: String) throws {
        let predicate = try Predicate(text)
        for _ in 0..<2 {
            guard case .failed(let reason) = predicate.answer(on: Self.pod) else {
                Issue.record("It did not fail.")
                continue
            }
            #expect(reason.contains(words), "\(reason)")
        }
    }

    @Test(arguments: [
        ("", ""), (".a ==", "syntax error"), ("$name", "$name is not defined"),
        (#"import "x" as x; 1"#, "module not found"), (#"include "x"; 1"#, "module not found"),
    ])
    func `what is no program is refused with jq's words`(text: String, words: String) throws {
        guard !text.isEmpty else {
            // As for jq, nothing at all hands through what it is given.
            #expect(try Predicate(text).answer(on: .null) == .no)
            return
        }
        let mistake = #expect(throws: PredicateMistake.self) { try Predicate(text) }
        #expect(mistake?.reason.contains(words) == true, "\(mistake?.reason ?? "")")
    }

    @Test func `what it is given has names`() throws {
        let variables: [String: JSON] = ["team": "it's \"gold\"", "labels": ["a": "b"]]
        let predicate = try Predicate(#".team == $team and $labels.a == "b""#, variables: variables)
        #expect(predicate.answer(on: ["team": "it's \"gold\""]) == .yes)
        #expect(predicate.answer(on: ["team": "tin"]) == .no)
    }

    @Test func `one predicate is asked by many at once`() async throws {
        let predicate = try Predicate(".n % 2 == 0")
        let wrong = await withTaskGroup { group in
            for number in 0..<500 {
                group.addTask {
                    let answer = predicate.answer(on: ["n": .int(Int64(number))])
                    return (answer == .yes) == number.isMultiple(of: 2)
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 0 : 1 }
        }
        #expect(wrong == 0)
    }
}
