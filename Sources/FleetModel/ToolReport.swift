/// How a tool that only asks came to its end, where not every status but 0 is a failure.
public struct ToolReport: Hashable, Sendable {
    public let exit: Int
    public let stdout: String
    public let stderr: String

    public init(exit: Int, stdout: String = "", stderr: String = "") {
        (self.exit, self.stdout, self.stderr) = (exit, stdout, stderr)
    }

    /// Reads what a ``Reading/report(_:)`` has found; `nil` when it is nothing of the kind.
    public init?(_ json: JSON) {
        guard let exit = json["exit"]?.int, let stdout = json["stdout"]?.string,
            let stderr = json["stderr"]?.string
        else { return nil }
        self.init(exit: exit, stdout: stdout, stderr: stderr)
    }

    public var json: JSON {
        ["exit": .int(Int64(exit)), "stdout": .string(stdout), "stderr": .string(stderr)]
    }
}
