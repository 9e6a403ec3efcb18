public import FleetModel
public import FleetRunner

/// What every ``CommandExecutor`` must do, wherever its commands run.
///
/// The suite knows an executor only by its protocol. It prepares, waits and
/// looks around by running commands, so the same clauses hold a local
/// executor, one on a bastion and a simulated one.
///
/// ```swift
/// // In a test with CommandExecutorContract.Clause.allCases as its arguments:
/// let contract = CommandExecutorContract(outputKept: 11 << 20) { try openExecutor() }
/// #expect(try await contract.breaches(of: clause) == [])
/// ```
public struct CommandExecutorContract: Sendable {
    /// A variable to plant in the coordinator's environment: no command may see it.
    public static let secret = (name: "BELLWETHER_CONTRACT_SECRET", value: "not-for-commands")

    /// Opens an executor over the same state each time: the one before is
    /// abandoned, as if its process had died.
    let open: @Sendable () async throws -> any CommandExecutor
    let place: Command.Place
    /// Bytes of each stream that the executors keep: more than 10 MB, for a
    /// clause prints that much.
    let outputKept: Int
    /// Begins the id of every command, so that suites over one state don't meet.
    let prefix: String

    /// States the contract for executors with a grace of well under a minute.
    public init(
        place: Command.Place = .local, outputKept: Int, prefix: String = "contract",
        open: @escaping @Sendable () async throws -> any CommandExecutor
    ) {
        (self.place, self.outputKept) = (place, outputKept)
        (self.prefix, self.open) = (prefix, open)
    }

    /// What the executor does otherwise than it should; empty when it keeps the clause.
    public func breaches(of clause: Clause) async throws -> [String] {
        var findings = Findings()
        try await check(clause, &findings)
        return findings.breaches
    }

    public enum Clause: String, CaseIterable, Sendable {
        case exitStatus, signal, toolNotFound, argumentThatCannotBe
        case streamsApart, tenMegabytesOnBothStreams, truncatedOutput
        case stdinOfOneMegabyte, stdinNotRead, noStdin
        case awkwardArguments, environment
        case deadline, cancellation, cancelledBeforeItBegan, stubbornTree
        case knownIDIsNotRunAgain, fateFollowsTheJob, reattachment, tenStartsOfOneID
        case unknownOutcome, acknowledgedOnlyWhenOver
    }

    private func check(_ clause: Clause, _ findings: inout Findings) async throws {
        switch clause {
        case .exitStatus: try await checkExitStatus(&findings)
        case .signal: try await checkSignal(&findings)
        case .toolNotFound: try await checkToolNotFound(&findings)
        case .argumentThatCannotBe: try await checkArgumentThatCannotBe(&findings)
        case .streamsApart: try await checkStreamsApart(&findings)
        case .tenMegabytesOnBothStreams: try await checkTenMegabytes(&findings)
        case .truncatedOutput: try await checkTruncatedOutput(&findings)
        case .stdinOfOneMegabyte: try await checkStdinOfOneMegabyte(&findings)
        case .stdinNotRead: try await checkStdinNotRead(&findings)
        case .noStdin: try await checkNoStdin(&findings)
        case .awkwardArguments: try await checkAwkwardArguments(&findings)
        case .environment: try await checkEnvironment(&findings)
        case .deadline: try await checkDeadline(&findings)
        case .cancellation: try await checkCancellation(&findings)
        case .cancelledBeforeItBegan: try await checkCancelledBeforeItBegan(&findings)
        case .stubbornTree: try await checkStubbornTree(&findings)
        case .knownIDIsNotRunAgain: try await checkKnownID(&findings)
        case .fateFollowsTheJob: try await checkFate(&findings)
        case .reattachment: try await checkReattachment(&findings)
        case .tenStartsOfOneID: try await checkTenStarts(&findings)
        case .unknownOutcome: try await checkUnknownOutcome(&findings)
        case .acknowledgedOnlyWhenOver: try await checkAcknowledgement(&findings)
        }
    }
}

/// Collects what is wrong.
struct Findings {
    private(set) var breaches: [String] = []

    mutating func expect(_ isKept: Bool, _ breach: @autoclosure () -> String) {
        if !isKept { breaches.append(breach()) }
    }

    mutating func expect(_ result: CommandResult, ends ending: CommandResult.Ending) {
        expect(result.ending == ending, "ended with \(result.ending) instead of \(ending)")
    }
}
