import FleetModel

/// The tag `default` for a new revision, in a cluster where an unrevisioned one is the default
/// by its own injector alone.
///
/// It selects what the old injector does, whatever that is, and calls the new istiod: what
/// `istioctl tag set default` writes where the old injector is as Istio installs it. While
/// both are there, the old injector still has the last word.
struct DefaultTagDraft {
    let object: JSON

    static let name = "istio-revision-tag-default"
    /// Tells the tag from one that was there before, for the way back.
    private static let annotation = "bellwether/drafted"

    /// `nil` when there is a tag `default` already, when nobody injects by default, or when the
    /// new injector cannot be called yet.
    init?(_ injection: Injection, for move: Move) {
        guard injection.defaultTag == nil, let old = injection.own(move.old),
            let selecting = old.reactivated, let new = injection.own(move.revision),
            new.hasCertificates, let model = new.object.items("webhooks").first,
            !Injection(configurations: [selecting.object]).defaultInjectors(of: move.old).isEmpty
        else { return nil }
        let webhooks = selecting.object.items("webhooks").map { webhook in
            var copy = model
            for key in ["name", "namespaceSelector", "objectSelector"] { copy[key] = webhook[key] }
            return copy
        }
        object = Self.configuration(of: move.revision, .array(webhooks))
    }

    static func isDraft(_ tag: InjectorConfiguration) -> Bool {
        tag.tag == "default" && tag.object.annotations[annotation] != nil
    }

    static func preview(for move: Move) -> JSON {
        let words = "<the old injector's, calling \(move.newName("istiod"))>"
        return configuration(of: move.revision, .string(words))
    }

    private static func configuration(of revision: Revision, _ webhooks: JSON) -> JSON {
        [
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "MutatingWebhookConfiguration",
            "metadata": [
                "name": .string(name),
                "labels": [
                    "app": "sidecar-injector", IstioLabel.revision: .string(revision.rawValue),
                    "istio.io/tag": "default", "operator.istio.io/component": "Pilot",
                ],
                "annotations": [annotation: "true"],
            ],
            "webhooks": webhooks,
        ]
    }
}
