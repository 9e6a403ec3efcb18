// swift-tools-version: 6.2
import PackageDescription

/// What tests spend their time in is optimised in a debug build, too:
/// see Docs/Decisions/optimized-nouns.md.
let optimized: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
    name: "bellwether",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(
            url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        // The nouns.
        .target(name: "FleetModel", swiftSettings: optimized),

        // The decisions. Pure: no clock, no file, no socket, no task.
        .target(name: "FleetPlanner", dependencies: ["FleetModel"]),
        .target(name: "FleetCoordinator", dependencies: ["FleetModel"]),
        // What a local time is in the world; the calendar is Foundation's.
        .target(name: "FleetCalendar", dependencies: ["FleetModel"]),

        // The know-how: what the steps are and how to tell that they worked.
        .systemLibrary(name: "CJQ", providers: [.apt(["libjq-dev"])]),
        .target(name: "Predicates", dependencies: ["FleetModel", "CJQ"]),
        .target(name: "Takeovers", dependencies: ["FleetModel", "Predicates"]),

        // The effects. Each owns the one outside library it needs.
        .target(
            name: "FleetConfig",
            dependencies: ["FleetModel", .product(name: "Yams", package: "Yams")]),
        .target(
            name: "FleetJournal",
            dependencies: [
                "FleetModel", "FleetCoordinator", .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .target(
            name: "FleetRunner",
            dependencies: [
                "FleetModel", "FleetCoordinator",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        .systemLibrary(
            name: "CSSH2", pkgConfig: "libssh2", providers: [.apt(["libssh2-1-dev"])]),
        .target(
            name: "FleetSSH", dependencies: ["FleetModel", "FleetRunner", "CSSH2"]),
        .target(
            name: "FleetLab",
            dependencies: [
                "FleetModel", .product(name: "Hummingbird", package: "hummingbird"),
            ]),

        // The views.
        .target(name: "FleetTerminal", dependencies: ["FleetModel"]),

        // The command line, where everything is wired together.
        .target(
            name: "FleetCommands",
            dependencies: [
                "FleetModel", "FleetPlanner", "FleetCoordinator", "FleetCalendar", "Takeovers",
                "FleetConfig", "FleetJournal", "FleetRunner", "FleetSSH", "FleetLab", "FleetTerminal",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(name: "bellwether", dependencies: ["FleetCommands"]),

        // The simulated world.
        .target(
            name: "FleetTestKit", dependencies: ["FleetModel", "FleetCoordinator", "FleetRunner"]),
        .executableTarget(
            name: "fleet-simulator",
            dependencies: ["FleetModel", "FleetCoordinator", "FleetTestKit"]),
        .executableTarget(
            name: "fleet-benchmarks",
            dependencies: [
                "FleetModel", "FleetCoordinator", "FleetJournal", "FleetRunner", "FleetCommands",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            path: "Benchmarks/fleet-benchmarks"),
        .executableTarget(
            name: "ssh-benchmarks", dependencies: ["FleetModel", "FleetRunner", "FleetSSH"],
            path: "Benchmarks/ssh", exclude: ["run", "peers.py", "floor.c", "delaylink.c"]),

        .testTarget(
            name: "FleetCoordinatorTests",
            dependencies: ["FleetModel", "FleetCoordinator", "FleetTestKit"]),
        .testTarget(
            name: "FleetCalendarTests",
            dependencies: ["FleetCalendar", "FleetModel", "FleetTestKit"]),
        .testTarget(
            name: "FleetPlannerTests", dependencies: ["FleetModel", "FleetPlanner", "FleetTestKit"]),
        .testTarget(
            name: "FleetConfigTests",
            dependencies: [
                "FleetConfig", "FleetModel", "FleetTestKit", .product(name: "Yams", package: "Yams"),
            ]),
        .testTarget(
            name: "FleetJournalTests",
            dependencies: [
                "FleetJournal", "FleetModel", "FleetCoordinator", "FleetTestKit",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .testTarget(
            name: "FleetRunnerTests",
            dependencies: ["FleetModel", "FleetCoordinator", "FleetRunner", "FleetTestKit"]),
        .testTarget(
            name: "FleetSSHTests",
            dependencies: ["FleetSSH", "FleetModel", "FleetRunner", "FleetTestKit"]),
        .testTarget(
            name: "FleetTerminalTests",
            dependencies: ["FleetTerminal", "FleetModel", "FleetTestKit"]),
        .testTarget(
            name: "TakeoversTests",
            dependencies: ["Takeovers", "Predicates", "FleetModel", "FleetTestKit"],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "FleetLabAPITests", dependencies: ["FleetLab", "FleetModel"]),
        .testTarget(
            name: "FleetLabWorldTests",
            dependencies: ["FleetLab", "FleetModel", "FleetTestKit", "Takeovers"],
            resources: [.copy("Fixtures")]),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["FleetModel", "FleetCoordinator", "FleetTestKit"]),
        // These drive the built program, as its users do.
        .testTarget(
            name: "FleetCommandsTests",
            dependencies: [
                "bellwether", "FleetCommands", "FleetJournal", "FleetLab", "FleetModel",
                "FleetRunner", "FleetTestKit",
            ],
            exclude: ["Sessions", "Example"]),
        .testTarget(name: "CrashSweepTests", dependencies: ["bellwether"]),

        .testTarget(name: "TidyTests"),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .treatAllWarnings(as: .error),
        ]
}
