import FleetModel

/// The version this server says it is.
///
/// A release between the clients it is meant for; it decides nothing here but what
/// `kubectl version` prints and which fallbacks newer clients take.
enum ServerVersion {
    static let document: JSON = [
        "major": "1", "minor": "28", "gitVersion": "v1.28.15",
        "gitCommit": "0000000000000000000000000000000000000000", "gitTreeState": "clean",
        "buildDate": "2024-10-22T20:28:21Z", "goVersion": "go1.22.8", "compiler": "gc",
        "platform": "linux/amd64",
    ]
}
