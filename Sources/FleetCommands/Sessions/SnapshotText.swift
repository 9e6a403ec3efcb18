import FleetModel
import Foundation

/// A snapshot as the journal keeps it.
enum SnapshotText {
    static func encode(_ snapshot: RunSnapshot) -> [UInt8] {
        // Every field of a snapshot has a JSON form; were it not so, an empty
        // checkpoint only costs whoever reads it a replay.
        ((try? JSONEncoder().encode(snapshot)) ?? Data()).map { $0 }
    }

    static func decode(_ bytes: [UInt8]) -> RunSnapshot? {
        // A checkpoint of another version is no error: the journal has it all.
        try? JSONDecoder().decode(RunSnapshot.self, from: Data(bytes))
    }
}
