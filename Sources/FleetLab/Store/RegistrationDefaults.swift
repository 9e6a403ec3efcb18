import FleetModel

/// The defaults of objects by which a cluster is extended: webhooks and definitions.
enum RegistrationDefaults {
    static func fill(_ object: inout JSON, as type: ResourceType) {
        switch type.id {
        case "mutatingwebhookconfigurations.admissionregistration.k8s.io":
            object.editEach("webhooks") {
                fillWebhook(&$0)
                $0.setDefault("reinvocationPolicy", "Never")
            }
        case "validatingwebhookconfigurations.admissionregistration.k8s.io":
            object.editEach("webhooks") { fillWebhook(&$0) }
        case "customresourcedefinitions.apiextensions.k8s.io": fillDefinition(&object)
        default: break
        }
    }

    private static func fillWebhook(_ webhook: inout JSON) {
        webhook.setDefault("failurePolicy", "Fail")
        webhook.setDefault("matchPolicy", "Equivalent")
        webhook.setDefault("namespaceSelector", [:])
        webhook.setDefault("objectSelector", [:])
        webhook.setDefault("timeoutSeconds", 10)
        webhook.editEach("rules") { $0.setDefault("scope", "*") }
        webhook.edit("clientConfig") { client in
            client.edit("service") { $0.setDefault("port", 443) }
        }
    }

    /// A definition serves its kind from the moment it is stored.
    private static func fillDefinition(_ definition: inout JSON) {
        definition.edit("spec") { spec in
            spec.setDefault("conversion", ["strategy": "None"])
            spec.edit("names") { names in
                let kind = names["kind"]?.string ?? ""
                names.setDefault("listKind", .string(kind + "List"))
                names.setDefault("singular", .string(kind.lowercased()))
            }
        }
        definition.setDefault("status", [:])
        let names = definition["spec"]?["names"] ?? [:]
        let versions = (definition["spec"]?["versions"]?.array ?? [])
            .filter { $0["storage"]?.bool == true }.compactMap { $0["name"] }
        definition.edit("status") { status in
            status["acceptedNames"] = names
            status.setDefault("storedVersions", .array(versions))
            status.setDefault(
                "conditions",
                [
                    condition("NamesAccepted", "NoConflicts", "no conflicts found"),
                    condition(
                        "Established", "InitialNamesAccepted",
                        "the initial names have been accepted"),
                ])
        }
    }

    private static func condition(_ type: String, _ reason: String, _ message: String) -> JSON {
        [
            "type": .string(type), "status": "True", "reason": .string(reason),
            "message": .string(message),
        ]
    }
}
