import FleetModel

/// Has the new istiod check what names no revision, as `istioctl tag set default` would.
///
/// Left with the old istiod, the default validator would refuse every piece of Istio's
/// configuration once that is gone.
struct MoveDefaultValidator: StepRecipe {
    let move: Move

    let outline = UpgradeBase.moveDefault
    let patience = Patience(timeout: .minutes(5), poll: .seconds(3))
    var lock: WriterLock? { move.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(Move.webhookPaths)
        guard let validator = try validator(view) else {
            return .done("there is no default validator")
        }
        if isOld(validator) {
            guard try move.injection(view).own(move.revision)?.hasCertificates == true else {
                throw .unclear("the injector of \(move.revision) is not ready")
            }
            return .notDone("\(validator.object.name) belongs to \(move.old)")
        }
        if let complaint = try move.webhookComplaints(view).first { return .partial(complaint) }
        return .done("\(validator.object.name) calls \(validator.services.summary)")
    }

    private func validator(_ view: ClusterView) throws(Pause) -> ValidatorConfiguration? {
        try view.list(APIPath.validatingWebhooks).compactMap(ValidatorConfiguration.init)
            .first(where: \.isDefault)
    }

    /// By its label, too: with that it would be removed together with the old revision.
    private func isOld(_ validator: ValidatorConfiguration) -> Bool {
        validator.services.contains("istio-system/\(move.oldName("istiod"))")
            || validator.object.labels[IstioLabel.revision] == move.old.rawValue
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        guard let validator = try validator(view)?.object,
            let bundle = try move.injection(view).own(move.revision)?.bundles.first
        else { return [] }
        return [
            leading(
                validator.name, resourceVersion: validator.resourceVersion,
                webhooks: validator.items("webhooks").indices.map { "\($0)" }, bundle: bundle,
                disowning: validator.owningOperator != nil)
        ]
    }

    /// An operator deletes what bears its resource's name, whatever revision that serves.
    private func leading(
        _ name: String, resourceVersion: String, webhooks: [String], bundle: String,
        disowning: Bool = false
    ) -> Command {
        var patch = JSONPatch.against(resourceVersion: resourceVersion)
            .leading(webhooks, to: move.newName("istiod"), of: move.revision, bundle: bundle)
        if disowning {
            patch = patch.removing("/metadata/labels/\(IstioLabel.owner.pointerEscaped)")
        }
        return move.kubectl.patch(
            "validatingwebhookconfiguration", name, with: patch,
            purpose: "have \(move.newName("istiod")) check Istio's configuration")
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(Move.webhookPaths),
            acts: [
                leading(
                    "istiod-default-validator", resourceVersion: "<resourceVersion>",
                    webhooks: ["<webhook>"], bundle: "<caBundle of \(move.revision)>")
            ],
            proof: "istiod-default-validator calls \(move.newName("istiod")), which answers")
    }
}

extension JSONPatch {
    /// Leads some webhooks of a configuration to another revision's istiod.
    func leading(
        _ webhooks: [String], to service: String, of revision: Revision, bundle: String
    ) -> JSONPatch {
        var patch = setting("/metadata/labels/istio.io~1rev", to: .string(revision.rawValue))
        for webhook in webhooks {
            let client = "/webhooks/\(webhook)/clientConfig"
            patch = patch.setting("\(client)/service/name", to: .string(service))
                .setting("\(client)/caBundle", to: .string(bundle))
        }
        return patch
    }
}
