import FleetModel

/// What an injector's webhooks selected before they were taken out of service, as it stands
/// written on the injector itself.
///
/// Neither the charts' usual selectors nor the journal could stand in for it: the first may have
/// been changed, and the second is not where somebody looks who has lost it.
struct SelectorNote: Hashable, Sendable {
    /// Both selectors by the webhook's name, which is unique in a configuration.
    private let selectors: [String: JSON]

    static let annotation = "bellwether/selectors"
    private static let keys = ["namespaceSelector", "objectSelector"]

    /// Of what the injector selects now; for webhooks out of service, of what was noted before.
    init(of injector: InjectorConfiguration) {
        let earlier = SelectorNote(on: injector)
        var selectors: [String: JSON] = [:]
        for webhook in injector.object.items("webhooks") {
            guard let name = webhook["name"]?.string else { continue }
            guard !webhook.hasDeactivatedSelector else {
                selectors[name] = earlier?.selectors[name]
                continue
            }
            var noted: JSON = [:]
            for key in Self.keys { noted[key] = webhook[key] }
            selectors[name] = noted
        }
        self.selectors = selectors
    }

    /// Reads what was noted; `nil` when nothing was.
    init?(on injector: InjectorConfiguration) {
        guard let text = injector.object.annotations[Self.annotation],
            let selectors = JSON(parsing: text)?.object
        else { return nil }
        self.selectors = selectors
    }

    /// Writes the note on its injector.
    func noting(on injector: InjectorConfiguration, in patch: JSONPatch) -> JSONPatch {
        patch.annotating(
            injector.object, Self.annotation, with: JSON.object(selectors).description)
    }

    static let pointer = JSONPatch.pointer(toAnnotation: annotation)

    /// Gives the webhooks that are out of service their selectors back; `nil` when the note
    /// lacks one of them.
    func restoring(_ injector: InjectorConfiguration, in patch: JSONPatch) -> JSONPatch? {
        guard let restored = restored(injector) else { return nil }
        var patch = patch
        for (index, webhook) in injector.object.items("webhooks").enumerated()
        where webhook.hasDeactivatedSelector {
            let noted = restored.object.items("webhooks")[index]
            for key in Self.keys {
                patch = patch.setting("/webhooks/\(index)/\(key)", to: noted[key] ?? .null)
            }
        }
        return patch.removing(Self.pointer)
    }

    /// The injector with the noted selectors in its webhooks that are out of service; `nil`
    /// when the note lacks one of them.
    func restored(_ injector: InjectorConfiguration) -> InjectorConfiguration? {
        var webhooks = injector.object.items("webhooks")
        for index in webhooks.indices where webhooks[index].hasDeactivatedSelector {
            guard let name = webhooks[index]["name"]?.string, let noted = selectors[name] else {
                return nil
            }
            // An absent selector and an empty one both mean everything.
            for key in Self.keys { webhooks[index][key] = noted[key] ?? [:] }
        }
        var object = injector.object
        object["webhooks"] = .array(webhooks)
        return InjectorConfiguration(object)
    }
}
