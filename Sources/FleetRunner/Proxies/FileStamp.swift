import Foundation

/// What changes with a file: an edited kubeconfig may lead to another cluster.
struct FileStamp: Hashable, Sendable {
    private let numbers: [Int]

    /// A file that is not there has a stamp, too.
    init(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            numbers = []
            return
        }
        // As bytes: an optimised build takes the members of a `timespec` for another module's.
        let changed = withUnsafeBytes(of: status.st_mtim) { Array($0.bindMemory(to: Int.self)) }
        numbers = [Int(status.st_dev), Int(status.st_ino), Int(status.st_size)] + changed
    }
}
