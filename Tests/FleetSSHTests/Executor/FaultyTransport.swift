import FleetSSH
import FleetTestKit
import Synchronization

/// A bad day on the way to a bastion, the same for the same seed.
///
/// Only so many lines are hurt, so that what is right to happen can be told.
final class FaultyTransport: BastionTransport {
    enum Fault: CaseIterable {
        case notSent, lostBefore, lostAtOnce, lateAfterLost, cutStdin, cutOutput, lostAfter, unknown
    }

    private struct State {
        var generator: SeededGenerator
        var faultsLeft: Int
        var late: [Task<Void, Never>] = []
    }

    private let base: ShellTransport
    private let state: Mutex<State>
    private static let trouble = SSHTrouble(.unreachable, "a bad day")

    init(_ base: ShellTransport, seed: UInt64, faults: Int = 6) {
        self.base = base
        state = Mutex(State(generator: SeededGenerator(seed: seed), faultsLeft: faults))
    }

    func run(
        _ line: String, stdin: [UInt8], into sink: any RemoteOutput
    ) async throws(TransportFailure) -> RemoteExit {
        let (fault, amount) = draw()
        let nobody = CutOutput(sink, keeping: 0)
        switch fault {
        case nil: return try await base.run(line, stdin: stdin, into: sink)
        case .notSent: throw .notSent(Self.trouble)
        case .lostBefore: throw .lost(Self.trouble)
        case .lostAtOnce:
            late(0) { [base] in _ = try? await base.run(line, stdin: stdin, into: nobody) }
        case .lateAfterLost:
            late(amount % 200) { [base] in _ = try? await base.run(line, stdin: stdin, into: nobody)
            }
        case .cutStdin:
            let part = Array(stdin.prefix(stdin.isEmpty ? 0 : amount % stdin.count))
            _ = try await base.run(line, stdin: part, into: nobody)
        case .cutOutput:
            _ = try await base.run(line, stdin: stdin, into: CutOutput(sink, keeping: amount % 700))
        case .lostAfter: _ = try await base.run(line, stdin: stdin, into: sink)
        case .unknown:
            _ = try await base.run(line, stdin: stdin, into: CutOutput(sink, keeping: amount % 700))
            return .unknown
        }
        throw .lost(Self.trouble)
    }

    /// Waits for what arrived late.
    func drain() async {
        while let task = state.withLock({ $0.late.popLast() }) { await task.value }
        await base.drain()
    }

    private func draw() -> (Fault?, Int) {
        state.withLock { state in
            let amount = Int.random(in: 0..<1_000_000, using: &state.generator)
            guard state.faultsLeft > 0, state.generator.chance(60) else { return (nil, amount) }
            state.faultsLeft -= 1
            return (Fault.allCases.randomElement(using: &state.generator), amount)
        }
    }

    /// As a line that sat in a silent host's buffers until it woke up.
    private func late(_ milliseconds: Int, _ work: @escaping @Sendable () async -> Void) {
        let task = Task {
            // Nobody cancels it.
            try? await ContinuousClock().sleep(for: .milliseconds(milliseconds))
            await work()
        }
        state.withLock { $0.late.append(task) }
    }
}

/// Passes on only so many bytes.
private final class CutOutput: RemoteOutput {
    private let sink: any RemoteOutput
    private let room: Mutex<Int>

    init(_ sink: any RemoteOutput, keeping room: Int) {
        self.sink = sink
        self.room = Mutex(room)
    }

    func receive(_ bytes: [UInt8], from stream: RemoteStream) {
        let part = room.withLock { room in
            let part = bytes.prefix(room)
            room -= part.count
            return Array(part)
        }
        if !part.isEmpty { sink.receive(part, from: stream) }
    }
}
