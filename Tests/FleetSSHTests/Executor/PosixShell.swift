import Foundation

/// The shells that what we send to bastions is tried with.
enum PosixShell: String, CaseIterable, Sendable {
    case sh, dash, bash, busybox

    /// Where it is on this host, or `nil` where it isn't installed.
    var path: String? {
        ["/bin", "/usr/bin", "/usr/local/bin"].map { "\($0)/\(rawValue)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Makes a folder in which `sh` is this shell, to come first in a `PATH`.
    func folder(in directory: String) throws -> String? {
        guard let path else {
            print("skipped: \(rawValue) is not installed; try `apt-get install \(rawValue)`")
            return nil
        }
        let folder = "\(directory)/\(rawValue)-as-sh"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder)/sh", withDestinationPath: path)
        return folder
    }
}
