import FleetModel

/// The files a configuration is read from.
public protocol ConfigurationFiles: Sendable {
    /// What `~` at the start of a path stands for.
    var home: String { get }
    /// What a relative path starts from.
    var workingDirectory: String { get }

    /// The names in a directory, in any order; `nil` when there is no directory there.
    func names(in directory: String) throws(FileTrouble) -> [String]?

    /// At most so many bytes from the start of a file.
    func contents(of path: String, atMost limit: Int) throws(FileTrouble) -> [UInt8]
}

/// Why a file can't be read, in the system's words.
public struct FileTrouble: Error, Hashable {
    public let reason: String

    public init(_ reason: String) { self.reason = reason }
}

extension ConfigurationFiles {
    /// The YAML files at a path: the file itself, or those of the directory, by name.
    func yamlFiles(at path: String, log: MistakeLog) -> [String] {
        do throws(FileTrouble) {
            guard let names = try names(in: path) else { return [path] }
            guard names.count <= YAMLLimits.files else {
                log.note(.tooManyFiles(in: path, limit: YAMLLimits.files))
                return []
            }
            let found = names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
                .filter { !$0.hasPrefix(".") }
            if found.isEmpty { log.note(.noConfigurationFiles(in: path)) }
            return found.sorted().map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
        } catch {
            log.note(.unreadable(path, because: error.reason))
            return []
        }
    }

    /// The YAML document of a file; `nil` after noting why there is none.
    func document(
        at path: String, namedAt location: SourceLocation? = nil, log: MistakeLog
    ) -> YAMLNode? {
        do throws(FileTrouble) {
            // One byte more, so that a file that is too large shows.
            let bytes = try contents(of: path, atMost: YAMLLimits.bytes + 1)
            return YAMLParser.parse(bytes, file: path, log: log)
        } catch {
            let others = neighbours(of: path)
            log.note(
                .unreadable(path, because: error.reason, namedAt: location, others: others))
            return nil
        }
    }

    /// The other YAML files of a file's directory, for the hint of an error.
    private func neighbours(of path: String) -> [String] {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        // What keeps us from the file may well keep us from its directory, too.
        let names = (try? names(in: directory.isEmpty ? "/" : directory)) ?? nil
        return (names ?? []).filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
    }

    /// A path as an operator wrote it in a file: absolute, from home, or from the file.
    func resolve(_ path: String, from file: String) -> String {
        if path == "~" { return home }
        if path.hasPrefix("~/") { return home + path.dropFirst() }
        if path.hasPrefix("/") { return path }
        return absolute(beside(file, path))
    }

    /// A path beside a file, as short as the file's own, for errors to name.
    func beside(_ file: String, _ path: String) -> String {
        if path.hasPrefix("~/") { return home + path.dropFirst() }
        guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
        return String(file[...slash]) + path
    }

    /// A run may be resumed from another directory, so that its paths must not depend on it.
    private func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        let plain = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
        return workingDirectory.hasSuffix("/")
            ? workingDirectory + plain : "\(workingDirectory)/\(plain)"
    }
}
