import FleetModel
import GRDB

/// The floor under a run's journal: the same rows in the same batches, put
/// into a bare table by a loop that does nothing else.
struct InsertFloor {
    let path: String
    let batches: [Int]

    func measure() throws -> Duration {
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { database in
            _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: Self.table)
            try database.execute(sql: "PRAGMA synchronous = FULL")
            guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2 else {
                throw BenchmarkFailure("The floor is not durable.")
            }
        }
        let start = ContinuousClock.now
        try insert(queue)
        return .now - start
    }

    private func insert(_ queue: DatabaseQueue) throws {
        var sequence = 0
        for batch in batches {
            try queue.write { database in
                let statement = try database.cachedStatement(sql: Self.insertion)
                for number in sequence..<sequence + batch {
                    try statement.execute(arguments: [
                        1, number, 1_700_000_000_000 + number, "attemptFinished",
                        "workload-\(number % 10_000)", 0, number % 10, 1, "changed", nil, nil,
                    ])
                }
            }
            sequence += batch
        }
    }

    private static let insertion = "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

    private static let table = """
        CREATE TABLE event (
            run INTEGER NOT NULL, sequence INTEGER NOT NULL, time INTEGER NOT NULL,
            kind TEXT NOT NULL, cluster TEXT, phase INTEGER, step INTEGER, attempt INTEGER,
            outcome TEXT, detail TEXT, document TEXT, PRIMARY KEY (run, sequence)
        ) STRICT, WITHOUT ROWID
        """
}
