import ArgumentParser
import FleetLab
import Foundation

/// How large a lab is, and how fast it lives.
struct LabSize: ParsableArguments {
    @Option(
        help: "The takeover it is for: gloo, bigbang, revision, istioctl, sail or sail-in-place.",
        transform: LabSize.kind)
    var kind = LabKind.gloo
    @Option(help: "The version of Big Bang in a lab of that kind.")
    var bigBang = "2.54.0"
    @Option(help: "Workload clusters, edge-01 and on.")
    var clusters = 12
    @Option(help: "Management clusters, mgmt-1 and on.")
    var management = 2
    @Option(
        help: """
            A recorded fleet to begin with instead: a directory with a List of objects for each \
            cluster, NAME.json, or the file of one.
            """)
    var from: String?
    @Option(help: "Seconds of lab time for each second of ours.")
    var speed = 10.0
    @Option(help: "What every name, uid and delay of the lab follows from.")
    var seed: UInt64 = 1
    @Flag(help: "Four workloads in each cluster's mesh instead of up to a dozen.")
    var small = false
    @Flag(
        help: "Also workloads of rare kinds: OnDelete, ReplicationController, Argo's Rollout.")
    var rare = false
    @Option(help: "The port on loopback; 0 takes any that is free.")
    var port = 0

    func validate() throws {
        guard (1...999).contains(clusters) else {
            throw ValidationError("--clusters should be between 1 and 999.")
        }
        guard (1...9).contains(management) else {
            throw ValidationError("--management should be between 1 and 9.")
        }
        guard isVersionOfBigBang else {
            throw ValidationError(
                "--big-bang should be a version from 2.50 on, such as 2.54.0, got: \(bigBang)")
        }
        guard speed > 0, speed <= 1_000 else {
            throw ValidationError("--speed should be above 0 and at most 1000.")
        }
    }

    private var isVersionOfBigBang: Bool {
        let numbers = bigBang.split(separator: ".", omittingEmptySubsequences: false)
            .map { Int($0) }
        guard (2...3).contains(numbers.count), !numbers.contains(nil),
            let major = numbers[0], let minor = numbers[1]
        else { return false }
        return (major, minor) >= (2, 50)
    }

    /// - Throws: when what it should begin with can't be used.
    func configuration() throws -> LabConfiguration {
        var configuration = LabConfiguration(
            clusters: clusters, management: management, seed: seed, speed: speed, port: port)
        configuration.isSmall = small
        configuration.hasRareKinds = rare
        configuration.kind = kind
        configuration.bigBang = bigBang
        if let from {
            let fleet = try RecordedFleet(at: URL(filePath: from), seed: seed)
            configuration.played = fleet.clusters
            configuration.kind = fleet.kind
        }
        return configuration
    }

    private static func kind(_ text: String) throws -> LabKind {
        guard let kind = LabKind(rawValue: text) else {
            let known = LabKind.allCases.map(\.rawValue).joined(separator: " or ")
            throw ValidationError("--kind should be \(known), got: \(text)")
        }
        return kind
    }

    var arguments: [String] {
        [
            "--clusters", "\(clusters)", "--management", "\(management)", "--speed", "\(speed)",
            "--seed", "\(seed)", "--port", "\(port)", "--kind", kind.rawValue,
            "--big-bang", bigBang,
        ] + (from.map { ["--from", URL(filePath: $0).path] } ?? []) + (small ? ["--small"] : [])
            + (rare ? ["--rare"] : [])
    }
}
