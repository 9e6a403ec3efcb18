extension Array where Element: Sendable {
    /// Asks the same of all elements, of so many at once, in their order, and tells each
    /// answer as soon as it and all before it are there.
    func concurrentForEach<Answer: Sendable>(
        atMost limit: Int, ask: @escaping @Sendable (Int, Element) async -> Answer,
        tell: (Answer) -> Void
    ) async {
        await withTaskGroup(of: (Int, Answer).self) { group in
            var early: [Int: Answer] = [:]
            var told = 0
            func take(_ number: Int, _ answer: Answer) {
                early[number] = answer
                while let next = early.removeValue(forKey: told) {
                    tell(next)
                    told += 1
                }
            }
            for (number, element) in enumerated() {
                if number >= limit, let (done, answer) = await group.next() { take(done, answer) }
                group.addTask { (number, await ask(number, element)) }
            }
            for await (done, answer) in group { take(done, answer) }
        }
    }

    /// What all elements answer, in their order; so many are asked at once.
    func concurrentMap<Answer: Sendable>(
        atMost limit: Int, ask: @escaping @Sendable (Int, Element) async -> Answer
    ) async -> [Answer] {
        var answers: [Answer] = []
        await concurrentForEach(atMost: limit, ask: ask) { answers.append($0) }
        return answers
    }
}
