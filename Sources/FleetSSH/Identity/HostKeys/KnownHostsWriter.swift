import Foundation

/// Adds host keys to a known hosts file that others read and write meanwhile.
///
/// The file is only ever appended to, by one `write` under a lock (flock(2)), so that
/// two processes at once keep both lines and a full disk costs no old one.
struct KnownHostsWriter: Sendable {
    let path: String
    /// Whether names are hidden where the file's other lines don't tell.
    let hashesNames: Bool
    let salt: @Sendable () -> [UInt8]

    /// Adds a key unless the file has come to know the host since it was read.
    ///
    /// - Returns: What the file knew under the lock; `unknown` when the key was added.
    func add(_ key: PublicKey, of name: HostKeyName) throws(SSHTrouble) -> HostKeyVerdict {
        guard name.isWritable else {
            throw SSHTrouble(.unusable, "\(name.primary.debugDescription) can't be a host's name")
        }
        let descriptor = try lockedFile()
        defer { close(descriptor) }
        let bytes = try BoundedFile.contents(of: descriptor, path: path, atMost: Self.most)
        let file = KnownHostsFile(bytes, path: path)
        let verdict = KnownHosts([file]).verdict(on: key, of: name)
        guard verdict == .unknown else { return verdict }
        let shown = file.isHashed ?? hashesNames ? hidden(name.primary) : name.primary
        let isCut = bytes.last.map { $0 != UInt8(ascii: "\n") } ?? false
        try append("\(isCut ? "\n" : "")\(shown) \(key.text)\n", to: descriptor)
        return .unknown
    }

    private func hidden(_ name: String) -> String {
        let salt = salt()
        return "|1|\(salt.base64)|\(Digests.hmacSHA1(Array(name.utf8), key: salt).base64)"
    }

    /// Opens and locks the file. `ssh-keygen -R` puts another file in its place, so
    /// that the one that was locked must still be the one at the path.
    private func lockedFile() throws(SSHTrouble) -> Int32 {
        try makeDirectory()
        for _ in 0..<Self.attempts {
            let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw unwritable() }
            guard lock(descriptor) else {
                let trouble = unwritable()
                close(descriptor)
                throw trouble
            }
            if isAtPath(descriptor) { return descriptor }
            close(descriptor)
        }
        throw SSHTrouble(.unusable, "\(path) is being replaced all the time")
    }

    /// Waits for a lock that others hold only while they add a line.
    private func lock(_ descriptor: Int32) -> Bool {
        while flock(descriptor, LOCK_EX) != 0 {
            if errno != EINTR { return false }
        }
        return true
    }

    private func isAtPath(_ descriptor: Int32) -> Bool {
        var (opened, named) = (stat(), stat())
        return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0
            && opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
    }

    private func makeDirectory() throws(SSHTrouble) {
        let directory = URL(filePath: path).deletingLastPathComponent().path
        guard mkdir(directory, 0o700) != 0, errno != EEXIST else { return }
        throw unwritable()
    }

    private func append(_ line: String, to descriptor: Int32) throws(SSHTrouble) {
        let bytes = Array(line.utf8)
        let count = write(descriptor, bytes, bytes.count)
        guard count == bytes.count else { throw unwritable() }
        // A device such as /dev/null can't be synchronised, and need not be.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw unwritable() }
    }

    private func unwritable() -> SSHTrouble {
        SSHTrouble(
            .unusable, "no host key can be added to \(path): \(BoundedFile.systemWords())",
            hint: "set `knownHosts` of the bastion to a file that can be written")
    }

    static func randomSalt() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<20).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    /// How often a file may be replaced while it is being locked.
    private static let attempts = 10
    private static let most = 1 << 24
}
