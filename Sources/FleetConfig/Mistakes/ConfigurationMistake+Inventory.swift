import FleetModel

/// Mistakes in the inventory.
extension ConfigurationMistake {
    static func noClusters(in path: String) -> Self {
        Self(
            "the inventory in \(path.quoted) has no clusters", at: nil,
            hint: "list them under `clusters:`")
    }

    static func unknownBastion(
        _ bastion: String, namedBy subject: String, known: [String], at place: SourceLocation
    ) -> Self {
        Self(
            "\(subject) names bastion \(bastion.quoted), which isn't in the inventory", at: place,
            hint: inventoryHint(bastion, known: known)
                ?? "add \(bastion.quoted) under `bastions:`, or write `bastion: none`")
    }

    static func unknownManagement(
        _ management: String, namedBy subject: String, known: [String], at place: SourceLocation
    ) -> Self {
        Self(
            "\(subject) names management cluster \(management.quoted), "
                + "which isn't in the inventory", at: place,
            hint: inventoryHint(management, known: known)
                ?? "add \(management.quoted) under `management:`")
    }

    static func bastionNamedNone(at place: SourceLocation) -> Self {
        Self("a bastion can't be called `none`, which means no bastion", at: place)
    }

    static func bastionLoop(_ names: [String], at place: SourceLocation) -> Self {
        Self(
            "bastion \(names[0].quoted) is reached through itself: "
                + names.joined(separator: " → "), at: place)
    }

    static func regionLabelDiffers(
        _ cluster: String, _ label: String, region: String, at place: SourceLocation?
    ) -> Self {
        Self(
            "cluster \(cluster.quoted) is in region \(region.quoted), "
                + "but its label `region` says \(label.quoted)", at: place,
            hint: "leave the label out: it follows from `region`")
    }

    static func sameCluster(
        _ cluster: String, as first: String, sharing key: String, at place: SourceLocation?
    ) -> Self {
        Self(
            "clusters \(first.quoted) and \(cluster.quoted) have the same `\(key)`, "
                + "so they would be one cluster", at: place)
    }
}
