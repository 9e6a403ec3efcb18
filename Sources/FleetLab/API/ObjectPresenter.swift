import FleetModel

/// Shows stored objects in the version and shape that a client asked for.
struct ObjectPresenter: Sendable {
    let type: ResourceType
    let version: String
    let format: ResponseFormat
    /// What the rows of a table carry: `None`, `Metadata` or `Object`.
    let includeObject: String
    let now: LabTime

    /// One object as its own document.
    func document(_ object: JSON) -> JSON {
        switch format {
        case .object: versioned(object)
        case .table(let table): tableDocument([object], table, [:])
        case .metadata(let meta): Self.metadata(of: object, meta)
        }
    }

    /// A list, with the metadata of the list itself.
    func list(_ objects: [JSON], _ metadata: JSON) -> JSON {
        switch format {
        case .object:
            return [
                "apiVersion": .string(type.apiVersion(of: version)),
                "kind": .string(type.listKind), "metadata": metadata,
                "items": .array(objects.map { versioned($0) }),
            ]
        case .table(let table): return tableDocument(objects, table, metadata)
        case .metadata(let meta):
            return [
                "apiVersion": .string("meta.k8s.io/\(meta.rawValue)"),
                "kind": "PartialObjectMetadataList", "metadata": metadata,
                "items": .array(objects.map { Self.metadata(of: $0, meta) }),
            ]
        }
    }

    private func versioned(_ object: JSON) -> JSON {
        VersionConversion.presented(object, as: type, in: version)
    }

    private func tableDocument(
        _ objects: [JSON], _ table: ResponseFormat.APIVersion, _ metadata: JSON
    ) -> JSON {
        let columns = TableColumns.of(type)
        let rows = objects.map { object -> JSON in
            let cells = columns.map { $0.cell(object, now) }
            return ["cells": .array(cells), "object": rowObject(object, table)]
        }
        return [
            "apiVersion": .string("meta.k8s.io/\(table.rawValue)"), "kind": "Table",
            "metadata": metadata, "columnDefinitions": .array(columns.map(\.definition)),
            "rows": .array(rows),
        ]
    }

    private func rowObject(_ object: JSON, _ table: ResponseFormat.APIVersion) -> JSON {
        switch includeObject {
        case "None": .null
        case "Object": versioned(object)
        default: Self.metadata(of: object, table)
        }
    }

    private static func metadata(of object: JSON, _ meta: ResponseFormat.APIVersion) -> JSON {
        [
            "apiVersion": .string("meta.k8s.io/\(meta.rawValue)"), "kind": "PartialObjectMetadata",
            "metadata": object.metadata,
        ]
    }
}
