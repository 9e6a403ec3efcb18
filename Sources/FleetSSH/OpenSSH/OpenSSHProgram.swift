import FleetRunner

/// How `ssh` is called for one route.
struct OpenSSHProgram: Sendable {
    let path: String
    let route: SSHRoute
    let destination: String
    let directory: ControlDirectory
    let environment: [String: String]
    let clock: any Clock<Duration>

    static let configurationName = "config"

    /// The connection that others share, with a shell beside it that ends it, and
    /// tidies up, when our end of the pipe on stdin closes.
    func master(_ socket: String) -> ChildProgram {
        let ssh = [
            path, "-F", "\(directory.path)/\(Self.configurationName)", "-M", "-N", "-T",
            "-S", "\(directory.path)/\(socket)", "-o", "ControlMaster=yes", "--", destination,
        ]
        return program("/bin/sh", ["-c", Self.watched, "bellwether", directory.path] + ssh)
    }

    /// One command over a shared connection. Should that be gone, `ssh` would make
    /// one of its own; through `false` it can't. What it has to say goes to a file:
    /// stderr is the command's.
    func client(_ socket: String, _ line: String, log: String) -> ChildProgram {
        program(
            path,
            [
                "-F", "none", "-S", "\(directory.path)/\(socket)", "-T", "-a", "-x",
                "-o", "ControlMaster=no", "-o", "ProxyCommand=false", "-o", "BatchMode=yes",
                "-o", "EscapeChar=none", "-o", "LogLevel=DEBUG3",
                "-E", "\(directory.path)/\(log)", "--", destination, line,
            ])
    }

    private func program(_ path: String, _ arguments: [String]) -> ChildProgram {
        ChildProgram(
            path: path, arguments: arguments, environment: environment,
            directory: directory.path, clock: clock)
    }

    private static let watched = #"""
        directory=$1
        shift
        over=
        exec 3<&0 </dev/null
        trap 'over=yes; kill -s TERM "$master"' USR1
        "$@" 3<&- &
        master=$!
        { read -r line; kill -s USR1 $$; } <&3 3<&- >/dev/null 2>&1 &
        watch=$!
        exec 3<&-
        wait "$master"
        status=$?
        if [ -n "$over" ]; then
            wait "$master"
            rm -rf "$directory"
        fi
        kill -s KILL "$watch" 2>/dev/null
        exit "$status"
        """#
}
