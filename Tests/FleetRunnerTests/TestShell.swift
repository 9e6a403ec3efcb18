import Foundation

/// The POSIX shells that the job script and quoting are tried with.
enum TestShell: String, CaseIterable, Sendable {
    case sh, dash, bash, busybox

    /// Where it is on this host, or `nil` where it isn't installed.
    var path: String? {
        ["/bin", "/usr/bin", "/usr/local/bin"].map { "\($0)/\(rawValue)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    var arguments: [String] { self == .busybox ? ["sh"] : [] }

    /// A test that can't run says so where people look.
    func reportMissing() {
        print("skipped: \(rawValue) is not installed; try `apt-get install \(rawValue)`")
    }
}
