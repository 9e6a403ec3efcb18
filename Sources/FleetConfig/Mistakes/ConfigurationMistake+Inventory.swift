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

    static func unknownCheck(
        _ number: String, known: [String], at place: SourceLocation
    ) -> Self {
        let near = NearestWord.neighbours(of: number, among: known).prefix(3)
        let words = near.map { "`\($0)`" }.joined(separator: " or ")
        let hint = known.isEmpty ? "such as `P07`" : "there are \(known.joined(separator: ", "))"
        return Self(
            "`\(number.shortened)` is not the number of a preflight check", at: place,
            hint: near.isEmpty
                ? "`bellwether preflight` shows the numbers; \(hint)"
                : "did you mean \(words)?")
    }

    static func bastionNamedNone(at place: SourceLocation) -> Self {
        Self("a bastion can't be called `none`, which means no bastion", at: place)
    }

    static func bastionLoop(_ names: [String], at place: SourceLocation) -> Self {
        Self(
            "bastion \(names[0].quoted) is reached through itself: "
                + names.joined(separator: " → "), at: place)
    }

    static func bastionWithoutHost(_ title: String, at place: SourceLocation) -> Self {
        Self(
            "\(title) needs the key `host` or `ssh`", at: place,
            hint: "`host` is a name or an address to dial, `ssh` a host of ~/.ssh/config")
    }

    static func bastionWithTwoHosts(_ title: String, at place: SourceLocation) -> Self {
        Self(
            "\(title) has both `host` and `ssh`, and each says what to dial", at: place,
            hint: "keep `ssh` when ~/.ssh/config knows the host, else `host`")
    }

    static func pinnedAndAccepting(_ title: String, at place: SourceLocation) -> Self {
        Self(
            "\(title) has a `hostKey`, which leaves nothing for `hostKeyPolicy` to accept",
            at: place, hint: "leave `hostKeyPolicy` out")
    }

    static func badFingerprint(_ text: String, at place: SourceLocation) -> Self {
        Self(
            "`hostKey` should be a fingerprint such as `SHA256:` and 43 characters, "
                + "got: \(text.shown)", at: place,
            hint: "print those of a host with `ssh-keyscan HOST | ssh-keygen -lf -`, "
                + "and compare them with what its console shows")
    }

    static func relativeOnBastion(
        _ key: String, _ path: String, at place: SourceLocation
    ) -> Self {
        Self(
            "`\(key)` should be an absolute path on the bastion, got: \(path.shown)", at: place,
            hint: "write the whole path, from `/` on")
    }

    static func notForSSH(_ key: String, _ text: String, at place: SourceLocation) -> Self {
        Self(
            "`\(key)` should have no blank in it and no `-` in front, got: \(text.shown)",
            at: place)
    }

    static func badVariable(_ name: String, at place: SourceLocation) -> Self {
        Self(
            "a variable's name should be letters, digits and `_`, got: \(name.shown)",
            at: place)
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
