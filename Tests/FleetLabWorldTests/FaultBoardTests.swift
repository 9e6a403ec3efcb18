import FleetModel
import Testing

@testable import FleetLab

/// What is broken when: the faults of one cluster by their times.
@Suite struct FaultBoardTests {
    private func time(_ seconds: Int) -> LabTime { LabTime(milliseconds: 0) + seconds }

    private func names(_ board: FaultBoard) -> [String] { board.all.map(\.fault.name) }

    @Test func `a fault takes the place of the one with its name, and of no other`() {
        let board = FaultBoard()
        board.add(ScheduledFault(fault: .hung, start: time(0)))
        board.add(ScheduledFault(fault: .slow(milliseconds: 1), start: time(1)))
        board.add(ScheduledFault(fault: .slow(milliseconds: 2), start: time(2)))
        #expect(board.all.map(\.fault) == [.hung, .slow(milliseconds: 2)])
    }

    @Test func `faults are in the order of their begin, and of their names`() {
        let board = FaultBoard()
        board.add(ScheduledFault(fault: .unreachable, start: time(5)))
        board.add(ScheduledFault(fault: .slow(milliseconds: 1), start: time(0)))
        board.add(ScheduledFault(fault: .hung, start: time(5)))
        #expect(names(board) == ["slow", "hung", "unreachable"])
    }

    @Test func `one fault ends by its name, and all of them without one`() {
        let board = FaultBoard()
        for fault in [LabFault.hung, .unreachable, .glooStuck] {
            board.add(ScheduledFault(fault: fault, start: time(0)))
        }
        board.remove("hung")
        #expect(names(board) == ["ilm-stuck", "unreachable"])
        board.remove(nil)
        #expect(board.all.isEmpty)
    }

    @Test func `every break and every mend is a change that a world has to see`() {
        let board = FaultBoard()
        board.add(ScheduledFault(fault: .hung, start: time(0)))
        #expect(board.version == 1)
        board.remove(nil)
        #expect(board.version == 2)
    }

    @Test func `a fault lasts from its start until right before its end`() {
        let fault = ScheduledFault(fault: .hung, start: time(10), end: time(20))
        #expect(
            [9, 10, 19, 20].map { fault.isActive(at: time($0)) } == [false, true, true, false])
        let open = ScheduledFault(fault: .hung, start: time(10))
        #expect(open.isActive(at: time(1_000_000)))
    }

    @Test func `the next change is the nearest begin or end that is still to come`() {
        let board = FaultBoard()
        board.add(ScheduledFault(fault: .hung, start: time(10), end: time(40)))
        board.add(ScheduledFault(fault: .slow(milliseconds: 1), start: time(30)))
        let changes = [0, 10, 30, 40].map { board.nextChange(after: time($0)) }
        #expect(changes == [time(10), time(30), time(40), nil])
    }

    @Test func `a full quota keeps out pods, once its time has come`() throws {
        let board = FaultBoard()
        board.add(ScheduledFault(fault: .quotaExceeded, start: time(10)))
        let object = Manifest.make("v1", "Pod", "new", in: "shop")
        try board.admit("pods", object, now: time(9))
        try board.admit("services", object, now: time(10))
        #expect(throws: StatusError.self) { try board.admit("pods", object, now: time(10)) }
    }

    @Test(arguments: [
        ("shop/cart", "1970-01-01T00:01:00Z", true), ("shop/cart", "1970-01-01T00:01:05Z", true),
        ("shop/cart", "1970-01-01T00:00:59Z", false), ("shop/web", "1970-01-01T00:01:05Z", false),
        ("legacy/cart", "1970-01-01T00:01:05Z", false),
    ])
    func `a workload's pods are met that came with the fault or after it`(
        owner: String, created: String, isMet: Bool
    ) {
        let start = LabTime(milliseconds: 60_500)
        let fault = ScheduledFault(fault: .requestsFail(owner: owner), start: start)
        var pod = Manifest.make("v1", "Pod", "cart", in: "shop")
        pod[path: ["metadata", "creationTimestamp"]] = .string(created)
        #expect(fault.meets(pod, of: owner) == isMet)
    }

    @Test func `a fault is told with what it was given, and with its times`() {
        let fault = ScheduledFault(
            fault: .slow(milliseconds: 900), start: time(60), end: time(90))
        #expect(
            fault.document(at: time(60)) == [
                "fault": "slow", "active": true, "parameters": ["milliseconds": "900"],
                "since": "1970-01-01T00:01:00Z", "until": "1970-01-01T00:01:30Z",
            ])
        let open = ScheduledFault(fault: .hung, start: time(60))
        #expect(
            open.document(at: time(0)) == [
                "fault": "hung", "active": false, "since": "1970-01-01T00:01:00Z",
            ])
    }

    @Test func `a flaky way loses one of so many, the request or its answer`() {
        let passages = (1...3_000).map { Passage($0, every: 3) }
        let lost = passages.filter { $0 != .through }
        #expect((900...1_100).contains(lost.count))
        #expect((400...600).contains(lost.count { $0 == .answerLost }))
        #expect((1...100).allSatisfy { Passage($0, every: 1) != .through })
    }
}
