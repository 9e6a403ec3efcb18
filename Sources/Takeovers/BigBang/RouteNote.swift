import FleetModel

/// Which gateways were added to a VirtualService, as it stands written on it.
///
/// Somebody may have named the new gateways before us, and those are not ours to take out.
struct RouteNote: Hashable, Sendable {
    let gateways: [String]

    static let annotation = "bellwether/gateways"
    static let pointer = JSONPatch.pointer(toAnnotation: annotation)

    init(of gateways: [String]) { self.gateways = gateways }

    /// Reads what was noted; `nil` when nothing was.
    init?(on service: JSON) {
        guard let text = service.annotations[Self.annotation] else { return nil }
        gateways = text.split(separator: " ").map(String.init)
    }

    /// Adds the gateways to a VirtualService that lacks them, and says so on it.
    func adding(to service: JSON, in patch: JSONPatch) -> JSONPatch {
        var patch = patch
        for gateway in gateways {
            patch = patch.setting("/spec/gateways/-", to: .string(gateway))
        }
        let all = (RouteNote(on: service)?.gateways ?? []) + gateways
        return patch.annotating(service, Self.annotation, with: all.joined(separator: " "))
    }

    /// Takes them out again, and the note with them.
    func removing(from service: JSON, in patch: JSONPatch) -> JSONPatch {
        let kept = service.spec.items("gateways").filter { !gateways.contains($0.string ?? "") }
        return patch.setting("/spec/gateways", to: .array(kept)).removing(Self.pointer)
    }
}
