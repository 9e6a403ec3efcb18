import FleetModel

extension Reading {
    static func paths(_ paths: [String], on target: Target = .cluster) -> [Reading] {
        paths.map { .path($0, on: target) }
    }
}
