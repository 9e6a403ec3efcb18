import Foundation

/// Where the tools are that commands name.
public struct ToolPaths: Hashable, Sendable {
    /// Tools found elsewhere than on the search path, as `kubectl: /opt/bin/kubectl`.
    private let fixed: [String: String]
    private let directories: [String]

    /// Makes tool paths from what the inventory fixes and a `PATH`.
    ///
    /// Relative parts of the `PATH` don't count: what runs must not depend on
    /// where we were started.
    public init(_ fixed: [String: String] = [:], searchPath: String) {
        self.fixed = fixed
        directories = searchPath.split(separator: ":").filter { $0.hasPrefix("/") }.map(String.init)
    }

    /// The absolute path of a tool, or `nil` when nothing executable is there.
    public func path(of tool: String) -> String? {
        let named = fixed[tool] ?? tool
        guard !named.contains("/") else { return isExecutable(absolute(named)) }
        return directories.lazy.compactMap { isExecutable("\($0)/\(named)") }.first
    }

    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
    }

    private func isExecutable(_ path: String) -> String? {
        var status = stat()
        let isFile = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        return isFile && access(path, X_OK) == 0 ? path : nil
    }
}
