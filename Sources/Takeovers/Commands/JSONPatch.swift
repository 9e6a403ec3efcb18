import FleetModel

/// A JSON patch (RFC 6902): all of it is applied, or nothing.
struct JSONPatch: Hashable, Sendable {
    private(set) var operations: [JSON] = []

    /// Refuses the patch unless the object is still the one that was read.
    static func against(resourceVersion: String) -> JSONPatch {
        JSONPatch().testing("/metadata/resourceVersion", is: .string(resourceVersion))
    }

    func testing(_ path: String, is value: JSON) -> JSONPatch { adding("test", path, value) }

    /// Adds or replaces the value at a path, whose parent must exist.
    func setting(_ path: String, to value: JSON) -> JSONPatch { adding("add", path, value) }

    /// Adds or replaces an annotation of the object, which may have none yet.
    func annotating(_ object: JSON, _ name: String, with text: String) -> JSONPatch {
        guard object.metadata["annotations"]?.object != nil else {
            return setting("/metadata/annotations", to: [name: .string(text)])
        }
        return setting(Self.pointer(toAnnotation: name), to: .string(text))
    }

    static func pointer(toAnnotation name: String) -> String {
        "/metadata/annotations/\(name.pointerEscaped)"
    }

    func removing(_ path: String) -> JSONPatch { adding("remove", path, nil) }

    var text: String { JSON.array(operations).description }

    private func adding(_ operation: String, _ path: String, _ value: JSON?) -> JSONPatch {
        var patch = self
        var step: JSON = ["op": .string(operation), "path": .string(path)]
        step["value"] = value
        patch.operations.append(step)
        return patch
    }
}

extension String {
    /// The string as one step of a JSON pointer (RFC 6901).
    var pointerEscaped: String {
        map { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) }.joined()
    }
}
