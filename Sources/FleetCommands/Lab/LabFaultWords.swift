import FleetModel

enum LabFaultWords {
    /// The faults of a cluster on one line.
    static func list(_ faults: JSON?) -> String {
        let names = (faults?.array ?? []).compactMap { $0["fault"]?.string }
        return names.isEmpty ? "nothing is broken" : names.joined(separator: ", ")
    }
}
