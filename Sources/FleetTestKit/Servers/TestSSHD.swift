import Foundation
import Glibc
import Synchronization

/// A real sshd on loopback, of a test's own: its keys, its port, its configuration.
///
/// Whoever starts one stops it, with ``stop()``; that also ends every command still
/// running on one of its connections.
public final class TestSSHD: Sendable {
    public struct Options: Sendable {
        /// `ed25519`, `ecdsa` or `rsa`, as `ssh-keygen -t` takes them.
        public var hostKeyTypes = ["ed25519"]
        /// The type of the one key that may log in.
        public var clientKeyType = "ed25519"
        /// An empty passphrase leaves the client's key unencrypted.
        public var passphrase = ""
        /// In front of the key in authorized_keys, such as `command="…"`.
        public var authorizedKeyOptions = ""
        /// More lines of authorized_keys.
        public var authorizedKeys: [String] = []
        /// More lines of sshd_config. They come first, so that they win.
        public var lines: [String] = []
        /// Files that this sshd sees in the place of the system's, by path. The path must
        /// be there; needs root.
        public var mounts: [String: String] = [:]
        /// The network namespace it listens in, by the name that `ip netns` has for it.
        public var namespace: String?
        /// For the commands run by this sshd, as sshd's own environment.
        public var environment: [String: String] = [:]
        /// An address and a port of one's own choice, for those that must be equal or
        /// must not be.
        public var host: String?
        public var port: Int?

        public init() {}
    }

    public struct Failure: Error, CustomStringConvertible {
        public let description: String

        public init(description: String) { self.description = description }
    }

    public let host: String
    public let port: Int
    /// The one user everybody logs in as: who runs the tests.
    public let user: String
    public let directory: String
    /// The client's private key; its public half is beside it as `.pub`.
    public let clientKey: String
    private let options: Options
    /// The server's parent, which ends it when this end of its stdin is closed: by us,
    /// or by our death.
    private let watcher = Mutex<(pid: pid_t, lifeline: Int32)?>(nil)

    /// Makes the keys and starts the server, and returns once it listens.
    public static func start(_ options: Options = Options()) async throws -> TestSSHD {
        // The port may be taken between our look and sshd's; that is another's luck.
        for _ in 0..<5 {
            let server = try TestSSHD(options)
            if try await server.launch() { return server }
            server.stop()
        }
        throw Failure(description: "no sshd would start on loopback")
    }

    private init(_ options: Options) throws {
        self.options = options
        host = options.host ?? "127.0.0.\(Int.random(in: 2...250))"
        port = try options.port ?? Self.freePort(on: host)
        user = NSUserName()
        directory = FileManager.default.temporaryDirectory.path + "/sshd-\(UUID().uuidString)"
        clientKey = directory + "/client"
        // Where root's sshd goes to shed its rights; a package makes it at boot only.
        for path in [directory] + (getuid() == 0 ? ["/run/sshd"] : []) {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        }
        for type in options.hostKeyTypes { try Self.makeKey("\(directory)/host-\(type)", type) }
        try Self.makeKey(clientKey, options.clientKeyType, passphrase: options.passphrase)
        try writeFiles()
    }

    // MARK: What a client needs to know

    /// The lines of known_hosts that name this server's keys.
    public var knownHosts: [String] {
        options.hostKeyTypes.map { "[\(host)]:\(port) \(publicKey("host-\($0)"))" }
    }

    /// A known_hosts file with exactly those lines.
    public var knownHostsFile: String { directory + "/known_hosts" }

    /// The public key of a type as its file has it: `ssh-ed25519 AAAA…`.
    public func publicKey(_ name: String) -> String {
        text("\(name).pub").split(separator: " ").prefix(2).joined(separator: " ")
    }

    /// The wire form of a host key, as a client sees it.
    public func hostKeyBlob(_ type: String = "ed25519") -> [UInt8] {
        let encoded = publicKey("host-\(type)").split(separator: " ").last.map(String.init)
        return encoded.flatMap { Data(base64Encoded: $0) }.map(Array.init) ?? []
    }

    /// What sshd has said so far.
    public var log: String { text("log") }

    // MARK: Bad days

    /// Ends the server, its connections and what runs on them. Idempotent.
    public func stop() {
        killEverything()
        cleanUp()
    }

    /// Ends the server with its connections, and starts it again on the same port. What has
    /// left its connection, as jobs do, lives on.
    public func restart() async throws {
        killEverything()
        // The dead may hold the port for a moment longer.
        for _ in 0..<100 {
            if try await launch() { return }
            killEverything()
            try await ContinuousClock().sleep(for: .milliseconds(50))
        }
        throw Failure(description: "sshd did not come back")
    }

    private func killEverything() {
        guard let (pid, lifeline) = watcher.withLock({ $0.take() }) else { return }
        let all = [pid] + Self.descendants(of: pid)
        // Stopped first, so that none of them has another child meanwhile.
        for each in all { kill(each, SIGSTOP) }
        for each in Set(all + Self.descendants(of: pid)) { kill(each, SIGKILL) }
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        close(lifeline)
    }

    /// Cuts every connection by killing its sshd. What runs on them lives on.
    public func killSessions() {
        for pid in sessions { kill(pid, SIGKILL) }
    }

    /// Makes the server and its connections silent, as a dead host is.
    public func suspend() {
        for pid in listener + sessions { kill(pid, SIGSTOP) }
    }

    public func resume() {
        for pid in listener + sessions { kill(pid, SIGCONT) }
    }

    /// The sshd processes of the connections there are.
    public var sessions: [Int32] {
        listener.flatMap { Self.descendants(of: $0) }.filter { Self.name(of: $0) == "sshd" }
    }

    /// How many connections have logged in so far.
    public var logins: Int { log.components(separatedBy: "Accepted publickey").count - 1 }

    /// How many of them haven't said good-bye.
    public var connections: Int {
        logins - (log.components(separatedBy: "Disconnected from user").count - 1)
    }

    private var listener: [pid_t] {
        let pid = watcher.withLock { $0?.pid }
        return pid.map { pid in Self.descendants(of: pid).filter { Self.parent(of: $0) == pid } }
            ?? []
    }

    deinit { stop() }
}

// MARK: - Starting

extension TestSSHD {
    private func launch() async throws -> Bool {
        let log = directory + "/log"
        let already = text("log").count
        var lifeline: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &lifeline) == 0 else {
            throw Failure(description: "no lifeline for an sshd: errno \(errno)")
        }
        defer { close(lifeline[0]) }
        let pid = try Self.spawn(
            command, environment: options.environment, log: log, input: lifeline[0])
        watcher.withLock { $0 = (pid, lifeline[1]) }
        for _ in 0..<500 {
            let said = text("log").dropFirst(already)
            if said.contains("Server listening on") { return true }
            if said.contains("Cannot bind") { return false }
            try await ContinuousClock().sleep(for: .milliseconds(10))
        }
        throw Failure(description: "sshd did not start: \(text("log"))")
    }

    private var command: [String] {
        let sshd = ["/usr/sbin/sshd", "-D", "-e", "-f", directory + "/sshd_config"]
        let binds = mounts.map { "mount --bind \($0.file) \($0.path) && " }.joined()
        let unshare = ["/usr/bin/unshare", "-m", "/bin/sh", "-c", "\(binds)exec \"$@\"", "sh"]
        let there = options.namespace.map { TestNetwork.entering($0) } ?? []
        let watch = "exec 3<&0; \"$@\" </dev/null 3<&- & read -r _ <&3; kill -s KILL $!"
        return ["/bin/sh", "-c", watch, "sh"] + there
            + (mounts.isEmpty ? [] : unshare) + sshd
    }

    private var mounts: [(path: String, file: String)] {
        options.mounts.keys.sorted().enumerated().map { ($1, "\(directory)/mount-\($0)") }
    }

    /// Changes what a mounted file holds, for who reads it from now on.
    public func rewrite(_ path: String, to text: String) throws {
        guard let file = mounts.first(where: { $0.path == path })?.file else {
            throw Failure(description: "\(path) is not mounted")
        }
        // In place: another file would not be the one that is mounted.
        try Data(text.utf8).write(to: URL(filePath: file))
    }

    private func writeFiles() throws {
        let key = "\(options.authorizedKeyOptions) \(publicKey("client"))"
        try write("authorized_keys", [key] + options.authorizedKeys)
        try write("known_hosts", knownHosts)
        for (path, file) in mounts {
            try Data((options.mounts[path] ?? "").utf8).write(to: URL(filePath: file))
        }
        try write("sshd_config", options.lines + ownLines)
    }

    /// With SHLVL at 1, bash leaves the user's .bashrc alone, which may be slow or talk.
    /// A test of that puts `SetEnv SHLVL=0` among its lines.
    private var ownLines: [String] {
        options.hostKeyTypes.map { "HostKey \(directory)/host-\($0)" } + [
            "ListenAddress \(host):\(port)", "UsePAM no", "StrictModes no", "PidFile none",
            "PasswordAuthentication no", "SetEnv SHLVL=1 TMPDIR=\(directory)",
            "AuthorizedKeysFile \(directory)/authorized_keys",
        ]
    }

    private func write(_ name: String, _ lines: [String]) throws {
        let content = lines.map { $0 + "\n" }.joined()
        try content.write(toFile: "\(directory)/\(name)", atomically: true, encoding: .utf8)
    }

    private func text(_ name: String) -> String {
        // A file that isn't there yet is empty.
        (try? String(contentsOfFile: "\(directory)/\(name)", encoding: .utf8)) ?? ""
    }

    private func cleanUp() {
        // What can't be removed is left to the host's own cleaning of /tmp.
        try? FileManager.default.removeItem(atPath: directory)
    }
}

// MARK: - Processes and ports

extension TestSSHD {
    public static func makeKey(_ path: String, _ type: String, passphrase: String = "") throws {
        let pid = try spawn(
            ["/usr/bin/ssh-keygen", "-q", "-t", type, "-N", passphrase, "-C", "test", "-f", path],
            log: path + ".log")
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        guard status == 0 else { throw Failure(description: "ssh-keygen made no \(type) key") }
    }

    static func spawn(
        _ arguments: [String], environment: [String: String] = [:], log: String,
        input: Int32? = nil
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let variables = environment.merging(["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]) { $1 }
        var argv = arguments.map { strdup($0) } + [nil]
        var envp = variables.map { strdup("\($0)=\($1)") } + [nil]
        defer { for each in argv + envp { free(each) } }
        var pid: pid_t = 0
        let error = posix_spawn(&pid, arguments[0], &actions, nil, &argv, &envp)
        guard error == 0 else { throw Failure(description: "no \(arguments[0]): \(error)") }
        return pid
    }

    /// A port that is free on every address now.
    public static func portFreeEverywhere() throws -> Int { try freePort(on: "0.0.0.0") }

    private static func freePort(on host: String) throws -> Int {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, host, &address.sin_addr)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        guard result else { throw Failure(description: "no free port on \(host)") }
        return Int(address.sin_port.bigEndian)
    }

    /// Every process below one, by the parents that /proc names.
    private static func descendants(of root: pid_t) -> [pid_t] {
        // Without /proc there is nothing to find.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let parents = names.compactMap(pid_t.init).map { (pid: $0, parent: parent(of: $0)) }
        var (found, next) = ([pid_t](), [root])
        while !next.isEmpty {
            next = parents.filter { next.contains($0.parent ?? 0) }.map(\.pid)
            found += next
        }
        return found
    }

    private static func parent(of pid: pid_t) -> pid_t? {
        // A process that has ended meanwhile has no parent.
        let stat = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
        let fields = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].split(separator: " ")
        return fields.count > 2 ? pid_t(fields[2]) : nil
    }

    private static func name(of pid: pid_t) -> String {
        // A process that has ended meanwhile has no name.
        let name = (try? String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8)) ?? ""
        return name.trimmingCharacters(in: .newlines)
    }
}
