import FleetModel

/// The OpenAPI description (`/openapi/v2`), as far as clients decide anything by it.
///
/// kubectl looks up whether a kind's PATCH takes `dryRun` before it does a dry run on
/// the server, and whether it takes `fieldValidation` before it leaves validation to
/// the server. Kinds have no schema here, which makes kubectl skip validating.
struct OpenAPIDocument {
    let types: [ResourceType]

    /// What the answer is called. Clients ask for it with an `@` in the place of the last dot
    /// but one; Go's own reader of media types stumbles over that.
    private static let binary = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
    private static let parameters = ["dryRun", "fieldManager", "fieldValidation", "force"]

    func respond(to request: APIRequest) -> APIResponse {
        guard request.accept.contains("proto-openapi") else { return APIResponse(document) }
        return APIResponse(contentType: Self.binary, bytes: message)
    }

    private struct Operation {
        var path: String
        var group: String
        var version: String
        var kind: String
    }

    private var operations: [Operation] {
        types.flatMap { type in
            type.servedVersions.map { version in
                let root = type.group.isEmpty ? "/api" : "/apis/\(type.group)"
                let scope = type.isNamespaced ? "/namespaces/{namespace}" : ""
                return Operation(
                    path: "\(root)/\(version)\(scope)/\(type.plural)/{name}", group: type.group,
                    version: version, kind: type.kind)
            }
        }
    }

    // MARK: - As JSON

    private var document: JSON {
        var paths = JSON.object([:])
        for operation in operations { paths[operation.path] = Self.item(operation) }
        return [
            "swagger": "2.0",
            "info": ["title": "Kubernetes", "version": .string(ServerVersion.name)],
            "paths": paths, "definitions": [:],
        ]
    }

    private static func item(_ operation: Operation) -> JSON {
        let parameters = self.parameters.map { name -> JSON in
            ["name": .string(name), "in": "query", "type": "string", "uniqueItems": true]
        }
        return [
            "patch": [
                "parameters": .array(parameters),
                "x-kubernetes-action": "patch",
                "x-kubernetes-group-version-kind": [
                    "group": .string(operation.group), "version": .string(operation.version),
                    "kind": .string(operation.kind),
                ],
            ]
        ]
    }

    // MARK: - As a message of gnostic's openapi.v2.Document

    private var message: [UInt8] {
        var document = ProtobufWriter()
        document.string(1, "2.0")
        document.message(2) { info in
            info.string(1, "Kubernetes")
            info.string(2, ServerVersion.name)
        }
        document.message(8) { paths in
            for operation in operations {
                paths.message(2) { named in
                    named.string(1, operation.path)
                    named.message(2) { item in
                        item.message(8) { Self.write(operation, to: &$0) }
                    }
                }
            }
        }
        return document.bytes
    }

    private static func write(_ operation: Operation, to patch: inout ProtobufWriter) {
        for name in parameters {
            // ParametersItem > Parameter > NonBodyParameter > QueryParameterSubSchema
            patch.message(8) { item in
                item.message(1) { parameter in
                    parameter.message(2) { nonBody in
                        nonBody.message(3) { query in
                            query.string(2, "query")
                            query.string(4, name)
                            query.string(6, "string")
                        }
                    }
                }
            }
        }
        patch.message(13) { extensionItem in
            extensionItem.string(1, "x-kubernetes-group-version-kind")
            extensionItem.message(2) { value in
                value.string(
                    2,
                    "group: \"\(operation.group)\"\nkind: \(operation.kind)\n"
                        + "version: \(operation.version)\n")
            }
        }
    }
}
