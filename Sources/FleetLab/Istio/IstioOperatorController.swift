import FleetModel

/// The in-cluster Istio operators: they install what `IstioOperator` resources
/// ask for, and take it away with them.
///
/// An operator acts only while its Deployment is available, so a resource
/// that is deleted after its operator stays behind with its finalizer.
struct IstioOperatorController: Controller {
    let watches: Set<String> = Set(OwnedKinds.resources.values).union([
        IstioOperatorResource.resource, "namespaces",
    ])

    /// The generation that was last applied, by uid. Lost with the operator, as it should be.
    private var applied: [String: Int] = [:]

    mutating func reconcile(_ scene: inout Scene) {
        let operators = scene.list("deployments.apps").filter(Self.isOperator)
        for object in scene.list(IstioOperatorResource.resource) {
            let wanted = IstioOperatorResource(object: object, cluster: scene.store.cluster)
            guard !wanted.isIgnored, operators.contains(where: { Self.handles($0, wanted) })
            else { continue }
            if object.isTerminating {
                remove(wanted, &scene)
            } else {
                install(wanted, &scene)
                restoreInjector(of: wanted, &scene)
            }
        }
    }

    // MARK: - Who acts

    private static func isOperator(_ deployment: JSON) -> Bool {
        deployment.name.hasPrefix("istio-operator")
            && deployment.count("status", "availableReplicas") > 0
    }

    /// An operator without a revision takes every resource of the namespaces it watches.
    private static func handles(_ deployment: JSON, _ resource: IstioOperatorResource) -> Bool {
        let spaces = variable("WATCH_NAMESPACE", of: deployment).split(separator: ",")
        let revision = variable("REVISION", of: deployment)
        let watches = spaces.isEmpty || spaces.contains { $0 == resource.object.namespace }
        return watches && (revision.isEmpty || revision == resource.revisionName)
    }

    private static func variable(_ name: String, of deployment: JSON) -> String {
        let containers = deployment[path: ["spec", "template", "spec", "containers"]]?.array ?? []
        let variables = containers.flatMap { $0["env"]?.array ?? [] }
        return variables.first { $0["name"]?.string == name }?["value"]?.string ?? ""
    }

    // MARK: - Installing

    private mutating func install(_ wanted: IstioOperatorResource, _ scene: inout Scene) {
        let generation = wanted.object.generation
        guard
            applied[wanted.object.uid] == generation
                || scene.waits.isOver(
                    "\(wanted.object.uid)/\(generation)", after: scene.pace.istioOperator)
        else { return }
        keepFinalizer(of: wanted, &scene)
        let isEdit = applied[wanted.object.uid].map { $0 != generation } ?? false
        let agent = scene.faults.prunesNetwork ? [NetworkAgent.daemonSet(of: wanted)] : []
        for object in wanted.objects + agent { apply(object, isEdit: isEdit, &scene) }
        applied[wanted.object.uid] = generation
        report(wanted, isEdit: isEdit, &scene)
    }

    private func keepFinalizer(of wanted: IstioOperatorResource, _ scene: inout Scene) {
        guard !wanted.object.finalizers.contains(IstioOperatorResource.finalizer) else { return }
        scene.update(wanted.key) { $0.finalizers.append(IstioOperatorResource.finalizer) }
    }

    /// Creates what is missing. What is there is changed only when the resource was edited:
    /// an operator doesn't notice what others do to its objects, only that they are gone.
    private func apply(_ object: JSON, isEdit: Bool, _ scene: inout Scene) {
        guard let resource = OwnedKinds.resource(of: object["kind"]?.string) else { return }
        let key = ObjectKey(resource, namespace: object.namespace, name: object.name)
        guard scene.store.get(key) == nil else {
            if isEdit { overwrite(key, with: object, &scene) }
            return
        }
        guard scene.waits.isOver("missing/\(key)", after: scene.pace.observation) else { return }
        scene.create(resource, object)
    }

    /// Some operators do notice that their injector was taken out of service.
    private func restoreInjector(of wanted: IstioOperatorResource, _ scene: inout Scene) {
        let injector = wanted.revision.injector
        let resource = OwnedKinds.resource(of: injector["kind"]?.string) ?? ""
        let key = ObjectKey(resource, name: injector.name)
        guard scene.faults.restoresInjector, wanted.hasControlPlane,
            let stored = scene.store.get(key), selectors(of: stored) != selectors(of: injector),
            scene.waits.isOver("restore/\(key)", after: scene.pace.injectorRestoration)
        else { return }
        let webhooks = zip(stored["webhooks"]?.array ?? [], selectors(of: injector))
        scene.update(key) { stored in
            stored["webhooks"] = .array(
                webhooks.map { webhook, own in
                    own.reduce(into: webhook) { $0[$1.key] = $1.value }
                })
        }
    }

    /// What each of a configuration's webhooks selects.
    private func selectors(of configuration: JSON) -> [[String: JSON]] {
        (configuration["webhooks"]?.array ?? []).map { webhook in
            ["namespaceSelector", "objectSelector"].reduce(into: [:]) { $0[$1] = webhook[$1] }
        }
    }

    private func overwrite(_ key: ObjectKey, with object: JSON, _ scene: inout Scene) {
        guard ["deployments.apps", "services", "configmaps"].contains(key.resource) else { return }
        scene.update(key) { stored in
            for field in ["template", "selector", "ports"] {
                guard let value = object["spec"]?[field], stored["spec"]?[field] != value else {
                    continue
                }
                // A Deployment's selector can't change.
                if key.resource == "deployments.apps", field == "selector" { continue }
                stored[path: ["spec", field]] = value
            }
            if let data = object["data"] { stored["data"] = data }
            stored[path: ["metadata", "labels"]] = JSON(
                stored.labels.merging(object.labels) { $1 })
        }
    }

    /// HEALTHY once everything is available, and from then on whatever happens: that
    /// is why nobody should trust it (istio/istio#44239).
    private func report(_ wanted: IstioOperatorResource, isEdit: Bool, _ scene: inout Scene) {
        let state = wanted.object[path: ["status", "status"]]?.string
        let isReady = Self.deployments(of: wanted, scene).allSatisfy {
            Self.isAvailable($0)
        }
        guard isEdit || state != "HEALTHY" else { return }
        setState(isReady && !isEdit ? "HEALTHY" : "RECONCILING", of: wanted, nil, &scene)
    }

    private static func deployments(of wanted: IstioOperatorResource, _ scene: Scene) -> [JSON?] {
        wanted.objects.filter { $0["kind"]?.string == "Deployment" }.map {
            scene.store.get(
                ObjectKey("deployments.apps", namespace: $0.namespace, name: $0.name))
        }
    }

    private static func isAvailable(_ deployment: JSON?) -> Bool {
        guard let deployment else { return false }
        return deployment.count("status", "observedGeneration") >= deployment.generation
            && deployment.count("status", "updatedReplicas") >= deployment.count("spec", "replicas")
            && deployment.count("status", "availableReplicas") > 0
    }

    private func setState(
        _ state: String, of wanted: IstioOperatorResource, _ message: String?, _ scene: inout Scene
    ) {
        var status: JSON = ["status": .string(state)]
        var components: JSON = [:]
        for component in wanted.components { components[component] = ["status": .string(state)] }
        status["componentStatus"] = components
        if let message { status["message"] = .string(message) }
        guard status != wanted.object["status"] else { return }
        scene.update(wanted.key, status: true) { $0["status"] = status }
    }

    // MARK: - Removing

    private mutating func remove(_ wanted: IstioOperatorResource, _ scene: inout Scene) {
        let delay = scene.faults.delaysPruning ? scene.pace.latePruning : scene.pace.istioOperator
        guard wanted.object.finalizers.contains(IstioOperatorResource.finalizer),
            scene.waits.isOver("\(wanted.object.uid)/remove", after: delay)
        else { return }
        let proxies = wanted.hasControlPlane ? connected(to: wanted, &scene) : []
        if let text = refusal(wanted, proxies, scene) {
            // Pods come and go too often to be watched for this.
            scene.waits.restart("\(wanted.object.uid)/remove")
            _ = scene.waits.isOver(
                "\(wanted.object.uid)/remove", after: scene.pace.istioOperator)
            return setState("ACTION_REQUIRED", of: wanted, text, &scene)
        }
        prune(wanted.owner, &scene)
        applied[wanted.object.uid] = nil
        scene.update(wanted.key) {
            $0.finalizers.removeAll { $0 == IstioOperatorResource.finalizer }
        }
    }

    /// Why a control plane is not removed; `nil` when nothing speaks against it.
    private func refusal(
        _ wanted: IstioOperatorResource, _ proxies: [String], _ scene: Scene
    ) -> String? {
        if scene.faults.refusesRemoval, wanted.hasControlPlane { return Self.blindness }
        guard !proxies.isEmpty else { return nil }
        return "action is required before deleting the iop instance: there are proxies still"
            + " pointing to the pruned control plane: \(proxies.joined(separator: " "))"
    }

    /// What an operator says that may not ask the istiods for their proxies (istio/istio#35016).
    private static let blindness =
        "failed to get proxy status: pods \"istiod\" is forbidden: User"
        + " \"system:serviceaccount:istio-operator:istio-operator\" cannot create resource"
        + " \"pods/portforward\" in API group \"\" in the namespace \"istio-system\""

    /// The proxies that keep a revision from being removed. Nobody asks for those of an
    /// unrevisioned control plane.
    private func connected(to wanted: IstioOperatorResource, _ scene: inout Scene) -> [String] {
        guard wanted.revisionName != IstioRevision.unrevisioned else { return [] }
        return scene.list("pods").filter { pod in
            pod.isActive && ProxyReader(pod)?.revision == wanted.revisionName
        }.map { "\($0.name).\($0.namespace)" }
    }

    private func prune(_ owner: IstioOwner, _ scene: inout Scene) {
        for resource in OwnedKinds.resources.values.sorted() {
            for object in scene.list(resource) where owner.owns(object.labels) {
                if scene.faults.keepsLoadBalancers, Self.isLoadBalancer(object) { continue }
                scene.delete(ObjectKey(resource, namespace: object.namespace, name: object.name))
            }
        }
        guard scene.faults.changesRoot else { return }
        scene.delete(
            ObjectKey("secrets", namespace: IstioRevision.space, name: "istio-ca-secret"))
    }

    private static func isLoadBalancer(_ object: JSON) -> Bool {
        object[path: ["spec", "type"]]?.string == "LoadBalancer"
    }
}
