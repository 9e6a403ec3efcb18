public import FleetModel

/// Why no commands can be run on this host.
public enum LocalExecutorError: OperatorError, Hashable {
    case directoryUnusable(String, reason: String)

    public var problem: String {
        switch self {
        case .directoryUnusable(let path, let reason):
            "the directory \(path.quoted) can't hold the files of running commands: \(reason)"
        }
    }

    public var place: String? {
        switch self {
        case .directoryUnusable(let path, _): path
        }
    }

    public var hint: String? {
        "name a directory of your own that can be written to, or make room on its disk"
    }

    public var exitCode: ExitCode { .unavailable }
}
