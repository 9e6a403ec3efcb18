import GRDB

/// The tables of a journal, and the way from each earlier version to the latest.
enum JournalSchema {
    /// The version this program writes, kept in the file's `user_version`.
    static let version = 4

    /// "BELL" in ASCII, by which `file` and we tell a journal from other databases.
    static let applicationID = 0x4245_4c4c

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(sql: plans + runs + events + inbox + commands + progress)
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
            try database.execute(sql: "PRAGMA user_version = 1")
        }
        migrator.registerMigration("2") { database in
            try database.execute(sql: surveys)
            try database.execute(sql: "PRAGMA user_version = 2")
        }
        migrator.registerMigration("3") { database in
            try database.execute(sql: reasons)
            try database.execute(sql: "PRAGMA user_version = 3")
        }
        migrator.registerMigration("4") { database in
            try database.execute(sql: baselines)
            try database.execute(sql: "PRAGMA user_version = 4")
        }
        return migrator
    }

    private static let plans = """
        CREATE TABLE plan (
            id TEXT NOT NULL PRIMARY KEY,
            hash TEXT NOT NULL UNIQUE,
            createdAt INTEGER NOT NULL,
            document TEXT NOT NULL
        ) STRICT;
        CREATE TRIGGER planIsFrozen BEFORE UPDATE ON plan
        BEGIN SELECT RAISE(ABORT, 'a plan never changes'); END;

        """

    /// Why a plan was made as it is, in the words of whoever made it last.
    private static let reasons = """
        CREATE TABLE planReason (
            plan TEXT NOT NULL PRIMARY KEY REFERENCES plan(id),
            text TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        """

    /// The coordinator's columns are NULL until the run had one.
    private static let runs = """
        CREATE TABLE run (
            number INTEGER NOT NULL PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            plan TEXT NOT NULL REFERENCES plan(id),
            createdAt INTEGER NOT NULL,
            epoch INTEGER NOT NULL DEFAULT 0,
            host TEXT,
            pid INTEGER,
            heardAt INTEGER,
            releasedAt INTEGER,
            keptOutput INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX runByPlan ON run(plan);

        """

    /// A row is a few dozen bytes: the events of attempts, which are nearly all,
    /// fill the columns; the rare ones are a JSON document.
    private static let events = """
        CREATE TABLE event (
            run INTEGER NOT NULL REFERENCES run(number),
            sequence INTEGER NOT NULL,
            time INTEGER NOT NULL,
            kind TEXT NOT NULL,
            cluster TEXT,
            phase INTEGER,
            step INTEGER,
            attempt INTEGER,
            outcome TEXT,
            detail TEXT,
            document TEXT,
            PRIMARY KEY (run, sequence)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX eventOfRun ON event(run, sequence, kind)
        WHERE kind IN (\(EventKind.lifecycle.map { "'\($0.rawValue)'" }.joined(separator: ", ")));
        CREATE TRIGGER eventComesLast BEFORE INSERT ON event
        WHEN NEW.sequence IS NOT
            (SELECT ifnull(max(sequence), 0) + 1 FROM event WHERE run = NEW.run)
        BEGIN SELECT RAISE(ABORT, 'an event comes right after the last one'); END;
        CREATE TRIGGER eventIsNeverChanged BEFORE UPDATE ON event
        BEGIN SELECT RAISE(ABORT, 'an event never changes'); END;
        CREATE TRIGGER eventIsNeverDeleted BEFORE DELETE ON event
        BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;

        """

    /// `sentAfter` is the last event there was when the control was sent, so that
    /// the order of the two can be proven later.
    private static let inbox = """
        CREATE TABLE control (
            number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            run INTEGER NOT NULL REFERENCES run(number),
            sentAt INTEGER NOT NULL,
            sentAfter INTEGER NOT NULL,
            document TEXT NOT NULL,
            handledAt INTEGER
        ) STRICT;
        CREATE INDEX controlPending ON control(run, number) WHERE handledAt IS NULL;

        """

    private static let commands = """
        CREATE TABLE command (
            number INTEGER NOT NULL PRIMARY KEY,
            run INTEGER NOT NULL REFERENCES run(number),
            id TEXT NOT NULL,
            cluster TEXT NOT NULL,
            phase INTEGER NOT NULL,
            step INTEGER NOT NULL,
            attempt INTEGER NOT NULL,
            document TEXT NOT NULL,
            startedAt INTEGER NOT NULL,
            ending TEXT,
            duration INTEGER,
            isTruncated INTEGER,
            UNIQUE (run, id)
        ) STRICT;
        CREATE INDEX commandOfCluster ON command(run, cluster, number);
        CREATE INDEX commandOpen ON command(run, number) WHERE ending IS NULL;
        CREATE TABLE output (
            command INTEGER NOT NULL REFERENCES command(number),
            stream TEXT NOT NULL,
            size INTEGER NOT NULL,
            digest TEXT NOT NULL,
            head BLOB NOT NULL,
            tail BLOB NOT NULL,
            file TEXT,
            UNIQUE (command, stream)
        ) STRICT;

        """

    private static let progress = """
        CREATE TABLE note (
            run INTEGER NOT NULL REFERENCES run(number),
            cluster TEXT NOT NULL,
            time INTEGER NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (run, cluster)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE checkpoint (
            run INTEGER NOT NULL PRIMARY KEY REFERENCES run(number),
            sequence INTEGER NOT NULL,
            bytes BLOB NOT NULL
        ) STRICT;

        """

    /// What the step that a cluster is in remembers of it, until that was judged by. One row for
    /// each cluster that is at work on something, of some kilobytes.
    private static let baselines = """
        CREATE TABLE baseline (
            run INTEGER NOT NULL REFERENCES run(number),
            cluster TEXT NOT NULL,
            phase INTEGER NOT NULL,
            step INTEGER NOT NULL,
            attempt INTEGER NOT NULL,
            name TEXT NOT NULL,
            identity TEXT NOT NULL,
            takenAt INTEGER NOT NULL,
            outlivesHalt INTEGER NOT NULL,
            digest TEXT NOT NULL,
            document TEXT NOT NULL,
            PRIMARY KEY (run, cluster)
        ) STRICT;

        """

    /// A sighting has a document, or the reason why there is none.
    private static let surveys = """
        CREATE TABLE survey (
            number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            takenAt INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE sighting (
            survey INTEGER NOT NULL REFERENCES survey(number),
            cluster TEXT NOT NULL,
            document TEXT,
            reason TEXT,
            PRIMARY KEY (survey, cluster),
            CHECK ((document IS NULL) <> (reason IS NULL))
        ) STRICT;
        CREATE INDEX sightingOfCluster ON sighting(cluster, survey);

        """
}
