import FleetModel

/// The version this server says it is.
///
/// It decides nothing here. It is close to the newer of the two clients the lab is
/// tried with: some distributions' kubectl is a dispatcher that starts another kubectl
/// when the server is too old for it.
enum ServerVersion {
    static let name = "v1.32.4"

    static let document: JSON = [
        "major": "1", "minor": "32", "gitVersion": .string(name),
        "gitCommit": "59526cd4867447956156ae3a602fcbac10a2c335", "gitTreeState": "clean",
        "buildDate": "2025-04-22T15:57:26Z", "goVersion": "go1.23.6", "compiler": "gc",
        "platform": "linux/amd64",
    ]
}
