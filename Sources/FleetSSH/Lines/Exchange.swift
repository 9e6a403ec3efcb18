import Synchronization

/// Takes in what one line prints, and tells when there is something to act on.
final class Exchange: RemoteOutput {
    private struct State {
        var stdout: SectionReader
        var stderr: SectionReader
        var hasBegun = false
        var isOver = false
    }

    enum Notice: Hashable, Sendable {
        /// The first section of stdout is there, with these words.
        case begun([String])
        /// Whatever else comes, the answer is whole.
        case over
    }

    private let state: Mutex<State>
    private let marksStderr: Bool
    private let noticed: @Sendable (Notice) -> Void

    init(
        mark: LineMark, limit: Int, marksStderr: Bool,
        noticed: @escaping @Sendable (Notice) -> Void
    ) {
        let reader = SectionReader(mark: mark, limit: limit)
        state = Mutex(State(stdout: reader, stderr: reader))
        (self.marksStderr, self.noticed) = (marksStderr, noticed)
    }

    func receive(_ bytes: [UInt8], from stream: RemoteStream) {
        for notice in state.withLock({ take(bytes, from: stream, &$0) }) { noticed(notice) }
    }

    func finish() -> (stdout: SectionReader, stderr: SectionReader, isOver: Bool) {
        state.withLock {
            $0.stdout.finish()
            $0.stderr.finish()
            return ($0.stdout, $0.stderr, isOver($0))
        }
    }

    private func take(
        _ bytes: [UInt8], from stream: RemoteStream, _ state: inout State
    ) -> [Notice] {
        switch stream {
        case .stdout: state.stdout.take(bytes)
        case .stderr: state.stderr.take(bytes)
        }
        var notices: [Notice] = []
        if !state.hasBegun, let first = state.stdout.sections.first {
            state.hasBegun = true
            notices.append(.begun(first.words))
        }
        if !state.isOver, isOver(state) {
            state.isOver = true
            notices.append(.over)
        }
        return notices
    }

    private func isOver(_ state: State) -> Bool {
        state.stdout.isOver && (state.stderr.isOver || !marksStderr)
    }
}
