import Synchronization
import Testing

@testable import FleetCommands

/// Asking many elements the same, some at once.
struct ConcurrentMapTests {
    @Test(arguments: [1, 3, 50])
    func `answers come in the order of the elements, whoever is first`(limit: Int) async {
        let elements = Array(0..<20)
        let answers = await elements.concurrentMap(atMost: limit) { number, element in
            // The first elements give way to later ones the longest.
            for _ in 0..<(20 - number) * 5 { await Task.yield() }
            return element * 2
        }
        #expect(answers == elements.map { $0 * 2 })
    }

    @Test(arguments: [1, 4])
    func `no more than so many are asked at once`(limit: Int) async {
        let asked = Mutex((now: 0, most: 0))
        let answers = await Array(0..<30).concurrentMap(atMost: limit) { number, _ in
            asked.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            for _ in 0..<20 { await Task.yield() }
            asked.withLock { $0.now -= 1 }
            return number
        }
        #expect(answers.count == 30)
        #expect(asked.withLock(\.most) == limit)
    }

    @Test func `an answer is told while later ones are awaited`() async {
        let second = Mutex<CheckedContinuation<Void, Never>?>(nil)
        var told: [Int] = []
        await [0, 1].concurrentForEach(
            atMost: 2,
            ask: { number, _ in
                if number == 1 {
                    await withCheckedContinuation { waiter in second.withLock { $0 = waiter } }
                } else {
                    while second.withLock({ $0 == nil }) { await Task.yield() }
                }
                return number
            },
            tell: { number in
                told.append(number)
                second.withLock {
                    $0?.resume(); $0 = nil
                }
            })
        #expect(told == [0, 1])
    }
}
