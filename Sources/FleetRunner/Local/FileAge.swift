import FleetModel
import Foundation

/// When files last changed, for telling what is garbage.
enum FileAge {
    /// `nil` when there is no such file.
    static func lastChange(of path: String) -> Timestamp? {
        // Without attributes there is no file, and so no time of its change.
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let date = attributes?[.modificationDate] as? Date else { return nil }
        return Timestamp(milliseconds: Int64(date.timeIntervalSince1970 * 1_000))
    }

    /// Removes the plain files of a directory that did not change since.
    static func removeFiles(
        in directory: String, changedBefore limit: Timestamp,
        where isWanted: (String) -> Bool = { _ in true }
    ) {
        // A directory that can't be read holds nothing to remove.
        for name in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        where isWanted(name) {
            let path = "\(directory)/\(name)"
            if let changed = lastChange(of: path), changed < limit { unlink(path) }
        }
    }
}
