import FleetModel

/// Who owns which fields of one object: its `metadata.managedFields`.
struct ManagedFields {
    struct Entry {
        var manager: String
        /// `Apply` or `Update`.
        var operation: String
        var apiVersion: String
        var time: String
        var subresource: String
        var fields: FieldSet

        func isBy(_ writer: Writer) -> Bool {
            manager == writer.manager && operation == writer.operation
                && subresource == writer.subresource
        }
    }

    /// Who is writing, and how.
    struct Writer {
        var manager: String
        var operation: String
        var apiVersion: String
        var time: String
        var subresource = ""
    }

    private(set) var entries: [Entry]

    init(of object: JSON) {
        entries = (object["metadata"]?["managedFields"]?.array ?? []).map { entry in
            Entry(
                manager: entry["manager"]?.string ?? "",
                operation: entry["operation"]?.string ?? "",
                apiVersion: entry["apiVersion"]?.string ?? "", time: entry["time"]?.string ?? "",
                subresource: entry["subresource"]?.string ?? "",
                fields: FieldSet(fields: entry["fieldsV1"] ?? [:]))
        }
    }

    /// The entries as the object carries them.
    var list: JSON {
        .array(
            entries.map { entry in
                var item: JSON = [
                    "manager": .string(entry.manager), "operation": .string(entry.operation),
                    "apiVersion": .string(entry.apiVersion), "time": .string(entry.time),
                    "fieldsType": "FieldsV1", "fieldsV1": entry.fields.fields,
                ]
                if !entry.subresource.isEmpty { item["subresource"] = .string(entry.subresource) }
                return item
            })
    }

    func fields(of writer: Writer) -> FieldSet {
        entries.first { $0.isBy(writer) }?.fields ?? FieldSet()
    }

    /// What all but one writer own.
    func fields(exceptOf writer: Writer) -> FieldSet {
        entries.filter { !$0.isBy(writer) }.reduce(FieldSet()) { $0.union($1.fields) }
    }

    /// Sets what a writer owns; it owns nothing else any more.
    mutating func set(_ fields: FieldSet, of writer: Writer) {
        guard self.fields(of: writer) != fields else { return }
        entries.removeAll { $0.isBy(writer) }
        guard !fields.isEmpty else { return }
        entries.append(
            Entry(
                manager: writer.manager, operation: writer.operation,
                apiVersion: writer.apiVersion, time: writer.time,
                subresource: writer.subresource, fields: fields))
    }

    /// Takes fields away from everybody but one writer.
    mutating func take(_ fields: FieldSet, exceptFrom writer: Writer) {
        for index in entries.indices where !entries[index].isBy(writer) {
            entries[index].fields = entries[index].fields.subtracting(fields)
        }
        entries.removeAll { $0.fields.isEmpty }
    }

    /// Forgets fields that the object doesn't have any more.
    mutating func keep(onlyIn object: JSON) {
        for index in entries.indices {
            let gone = entries[index].fields.paths.filter { $0.value(in: object) == nil }
            entries[index].fields = entries[index].fields.subtracting(FieldSet(gone))
        }
        entries.removeAll { $0.fields.isEmpty }
    }

    /// Notes what an ordinary write changed, in the object that it made.
    static func record(
        _ writer: Writer, from before: JSON, in after: inout JSON, as type: ResourceType
    ) {
        var changed = FieldSet(changedFrom: before, to: after, as: type)
        // Each write owns only what it can write: the status by its subresource alone.
        if type.hasStatus {
            let isStatus = writer.subresource == "status"
            changed = FieldSet(
                changed.paths.filter { ($0.elements.first == "f:status") == isStatus })
        }
        var managed = ManagedFields(of: before)
        managed.keep(onlyIn: after)
        if !changed.isEmpty {
            managed.take(changed, exceptFrom: writer)
            managed.set(managed.fields(of: writer).union(changed), of: writer)
        }
        after.metadata["managedFields"] = nil
        if !managed.entries.isEmpty { after.metadata["managedFields"] = managed.list }
    }
}
