import Foundation

/// One reading of the configuration files for one host: the first value wins.
struct SSHConfigurationReading {
    private let query: SSHQuery
    private let surroundings: SSHSurroundings
    private var options = SSHOptions()
    private var files = 0

    /// OpenSSH's own limit.
    private static let deepest = 16
    private static let mostFiles = 1_000
    private static let mostBytes = 1 << 22

    init(query: SSHQuery, surroundings: SSHSurroundings) {
        (self.query, self.surroundings) = (query, surroundings)
    }

    /// Reads a file and what it includes; one that isn't there says nothing.
    mutating func read(_ root: OwnSSHConfiguration.Root) throws(SSHTrouble) {
        try read(root.path, root, depth: 0, isAsleep: false)
    }

    func finished() -> SSHOptions {
        var options = options
        if let word = options.word("canonicalizehostname")?.lowercased(),
            word == "yes" || word == "always" || word == "true"
        {
            options.needsOpenSSH.append("CanonicalizeHostname \(word)")
        }
        return options
    }

    /// Reads a file, perhaps one that a block for other hosts includes: then it is
    /// asleep, and nothing in it counts.
    private mutating func read(
        _ path: String, _ root: OwnSSHConfiguration.Root, depth: Int, isAsleep: Bool
    ) throws(SSHTrouble) {
        files += 1
        guard depth <= Self.deepest, files <= Self.mostFiles else {
            throw SSHTrouble(.unusable, "\(path) is included too deep, or by itself")
        }
        guard let bytes = try BoundedFile.contents(of: path, atMost: Self.mostBytes) else { return }
        if root.isChecked || depth > 0 { try checkPermissions(of: path) }
        var isActive = !isAsleep
        let lines = String(decoding: bytes, as: UTF8.self)
            .split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (index, line) in lines.enumerated() {
            let place = "\(path):\(index + 1)"
            guard let line = try self.line(line, at: place) else { continue }
            switch line.keyword {
            case "host": isActive = !isAsleep && isMeant(line.arguments)
            case "match":
                let holds = try isMatch(line.arguments, isAsleep: isAsleep, at: place)
                isActive = !isAsleep && holds
            case "include":
                for path in paths(line.arguments, root) {
                    try read(path, root, depth: depth + 1, isAsleep: !isActive)
                }
            default: if isActive { options.note(line.keyword, line.arguments) }
            }
        }
    }

    /// Whoever can write the configuration can run anything as its user.
    private func checkPermissions(of path: String) throws(SSHTrouble) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        let isOurs = status.st_uid == 0 || status.st_uid == surroundings.userID
        guard !isOurs || status.st_mode & 0o022 != 0 else { return }
        throw SSHTrouble(
            .unusable, "\(path) can be written by others, so that nothing in it counts",
            hint: "run `chmod go-w \(path)`")
    }

    private func line(
        _ text: Substring, at place: String
    ) throws(SSHTrouble) -> SSHConfigurationLine? {
        do throws(SSHConfigurationLine.Flaw) {
            return try SSHConfigurationLine(text)
        } catch {
            throw SSHTrouble(.unusable, "\(place) can't be read: \(error.reason)")
        }
    }

    private func isMeant(_ patterns: [String]) -> Bool {
        PatternList(patterns.map { Array($0.utf8) }).matches(query.name.utf8)
    }

    private mutating func isMatch(
        _ arguments: [String], isAsleep: Bool, at place: String
    ) throws(SSHTrouble) -> Bool {
        let written = options.word("hostname") ?? query.name
        let subject = SSHMatch.Subject(
            host: written.replacing("%h", with: query.name), originalHost: query.name,
            user: query.user ?? options.word("user") ?? surroundings.user,
            localUser: surroundings.user)
        guard let answer = SSHMatch.answer(arguments, subject) else {
            throw SSHTrouble(.unusable, "\(place) can't be read: `Match` lacks an argument")
        }
        if case .unknown(let criterion) = answer, !isAsleep,
            !options.needsOpenSSH.contains(criterion)
        {
            options.needsOpenSSH.append(criterion)
        }
        return answer == .yes
    }

    // MARK: - Includes

    private func paths(_ patterns: [String], _ root: OwnSSHConfiguration.Root) -> [String] {
        patterns.flatMap { pattern in
            if pattern.hasPrefix("/") { return Self.files(matching: pattern) }
            if pattern.hasPrefix("~/") {
                return Self.files(matching: surroundings.home + pattern.dropFirst())
            }
            return Self.files(matching: "\(root.includes)/\(pattern)")
        }
    }

    /// The files of a pattern, in the order of their names, by glob(3).
    private static func files(matching pattern: String) -> [String] {
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(pattern, 0, nil, &found) == 0 else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { index in
            found.gl_pathv[index].map { String(cString: $0) }
        }
    }
}
