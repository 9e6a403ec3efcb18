import Foundation

/// The built `bellwether`, as a user runs it.
enum Program {
    /// `BELLWETHER` when it is set, else what was built beside these tests.
    static let path: String = {
        if let told = ProcessInfo.processInfo.environment["BELLWETHER"] { return told }
        let beside = Bundle.main.executableURL?.deletingLastPathComponent()
            .appending(path: "bellwether").path
        let candidates: [String?] = [beside, root.appending(path: ".build/debug/bellwether").path]
        return candidates.compactMap { $0 }
            .first { FileManager.default.isExecutableFile(atPath: $0) } ?? "bellwether"
    }()

    /// The package's directory.
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../..").standardized

    /// Whether the lab can be talked to: only the real kubectl does.
    static let hasKubectl: Bool = {
        let folders = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return folders.split(separator: ":")
            .contains { FileManager.default.isExecutableFile(atPath: "\($0)/kubectl") }
    }()

    /// The real helm: `BELLWETHER_HELM` when it is set, else the one in the PATH.
    static let helm: String? = {
        let environment = ProcessInfo.processInfo.environment
        let folders = environment["PATH"]?.split(separator: ":") ?? []
        let candidates = [environment["BELLWETHER_HELM"]] + folders.map { "\($0)/helm" }
        return candidates.compactMap { $0 }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    /// What a test's process is given: nothing of the person who runs the tests
    /// but the way to kubectl.
    static func environment(home: URL) -> [String: String] {
        [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "HOME": home.path, "TZ": "UTC", "LC_ALL": "C.UTF-8",
        ]
    }
}
