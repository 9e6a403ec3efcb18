// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "bellwether",
    targets: [
        // The nouns.
        .target(name: "FleetModel"),

        // The decisions. Pure: no clock, no file, no socket, no task.
        .target(name: "FleetPlanner", dependencies: ["FleetModel"]),
        .target(name: "FleetCoordinator", dependencies: ["FleetModel"]),

        // The effects. Each owns the one outside library it needs.
        .target(name: "FleetRunner", dependencies: ["FleetModel", "FleetCoordinator"]),

        // The simulated world.
        .target(
            name: "FleetTestKit", dependencies: ["FleetModel", "FleetCoordinator", "FleetRunner"]),
        .executableTarget(
            name: "fleet-simulator",
            dependencies: ["FleetModel", "FleetCoordinator", "FleetTestKit"]),

        .testTarget(
            name: "FleetCoordinatorTests",
            dependencies: ["FleetModel", "FleetCoordinator", "FleetTestKit"]),
        .testTarget(
            name: "FleetPlannerTests", dependencies: ["FleetModel", "FleetPlanner", "FleetTestKit"]),
        .testTarget(
            name: "FleetRunnerTests",
            dependencies: ["FleetModel", "FleetCoordinator", "FleetRunner", "FleetTestKit"]),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["FleetModel", "FleetCoordinator", "FleetTestKit"]),
        .testTarget(name: "TidyTests"),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .treatAllWarnings(as: .error),
    ]
}
