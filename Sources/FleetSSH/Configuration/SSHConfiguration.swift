public import FleetRunner

/// The SSH configuration of this host: asked of `ssh` where there is one, else read by
/// ourselves.
public struct SSHConfiguration: SSHConfigurationSource {
    private let source: any SSHConfigurationSource

    /// - Parameters:
    ///   - executor: Runs `ssh -G` on this host.
    ///   - tools: Say whether and where there is an `ssh`.
    ///   - surroundings: Who asks, and from where.
    ///   - file: The only file to read, as after `ssh -F`; without it the user's and
    ///     the system's.
    public init(
        executor: any CommandExecutor, tools: ToolPaths, surroundings: SSHSurroundings,
        file: String? = nil
    ) {
        source =
            if let program = tools.path(of: "ssh") {
                PrintedSSHConfiguration(executor: executor, program: program, file: file)
            } else {
                OwnSSHConfiguration(surroundings: surroundings, file: file)
            }
    }

    public func options(for query: SSHQuery) async throws(SSHTrouble) -> SSHOptions {
        try await source.options(for: query)
    }
}
