import FleetModel

/// A column that the server prints of a kind of object.
struct TableColumn: Sendable {
    var name: String
    /// `string`, `integer`, `number`, `boolean` or `date`.
    var type = "string"
    /// Above zero only `-o wide` shows it.
    var priority = 0
    var cell: @Sendable (_ object: JSON, _ now: LabTime) -> JSON

    init(
        _ name: String, type: String = "string", priority: Int = 0,
        _ cell: @escaping @Sendable (_ object: JSON, _ now: LabTime) -> JSON
    ) {
        self.name = name
        self.type = type
        self.priority = priority
        self.cell = cell
    }

    var definition: JSON {
        [
            "name": .string(name), "type": .string(type), "description": "",
            // kubectl prints the column of this format by `-o name`.
            "format": name == "Name" ? "name" : "", "priority": .int(Int64(priority)),
        ]
    }

    // MARK: - The columns that many kinds have

    static let name = TableColumn("Name") { object, _ in .string(object.name) }

    static let age = TableColumn("Age") { object, now in
        .string(AgeText.since(object.metadata["creationTimestamp"]?.string, now: now))
    }

    /// A number at a path; what isn't there yet counts as zero.
    static func number(_ name: String, _ path: String...) -> TableColumn {
        TableColumn(name, type: "integer") { object, _ in .int(Int64(object[path: path]?.int ?? 0))
        }
    }

    static func text(_ name: String, priority: Int = 0, _ path: String...) -> TableColumn {
        TableColumn(name, priority: priority) { object, _ in
            .string(object[path: path]?.string ?? "")
        }
    }
}
