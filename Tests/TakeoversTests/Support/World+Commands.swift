import FleetModel

@testable import Takeovers

/// Does what kubectl would, at once: patches, creations, deletions, restarts.
extension World {
    mutating func run(_ commands: [Command]) {
        for command in commands {
            run(command)
            followGateways()
        }
        hasActed = hasActed || !commands.isEmpty
        lastRun = commands
    }

    private mutating func run(_ command: Command) {
        if command.argv[0] == "helm" { return runHelm(command) }
        if command.argv[0] == "istioctl" { return runIstioctl(command) }
        if command.argv[0] == "oc" { return runOpenShiftClient(command) }
        var words = Array(command.argv.drop { $0 != "--request-timeout=30s" }.dropFirst())
        var namespace = ""
        if words.first == "-n" {
            namespace = words[1]
            words.removeFirst(2)
        }
        switch words.first {
        case "create" where words.contains("--raw"): evict(words[2])
        case "create", "apply": create(command)
        case "patch" where words.contains("--type=merge"): merge(words, namespace, command)
        case "patch": patch(words, namespace, command)
        case "delete": delete(words, namespace)
        case "label": set("labels", words)
        case "annotate" where words.contains { $0.hasPrefix("reconcile.fluxcd.io/") }:
            annotate(words, namespace)
        case "annotate": set("annotations", words)
        case "rollout": restart(words[2], namespace)
        default: break
        }
    }

    private mutating func create(_ command: Command) {
        guard var object = command.stdin.flatMap({ JSON(parsing: $0) }) else { return }
        object[path: ["metadata", "resourceVersion"]] = "1"
        let isManagement = object["apiVersion"]?.string?.hasPrefix("admin.gloo") == true
        let objects = object["items"]?.array ?? [object]
        if isManagement { return management += objects }
        for object in objects {
            // What is applied takes the place of what was there.
            if object["kind"] == "ConfigMap" {
                remove("ConfigMap", object.name, in: object.namespace)
            }
            cluster.append(rolledOut(called(object)))
        }
    }

    private func rolledOut(_ object: JSON) -> JSON {
        guard object["kind"] == "Deployment" else { return object }
        var deployment = object
        deployment["status"] = [
            "observedGeneration": 1, "replicas": 1, "updatedReplicas": 1, "readyReplicas": 1,
            "availableReplicas": 1,
        ]
        return deployment
    }

    /// A pod that calls has its answer at once; anything else stays as it is.
    private func called(_ object: JSON) -> JSON {
        guard let call = TestCall(rawValue: object.name) else { return object }
        var pod = object
        if !call.isRefused, case .found(let injected) = inject(object, in: object.namespace) {
            pod = injected
        }
        let right = call.isRefused ? "HTTP 000\nenvoy no\nexit 56" : "HTTP 200\nenvoy yes\nexit 0"
        let message = wrongAnswers[call] ?? right
        let state: JSON = ["terminated": ["exitCode": 0, "message": .string(message)]]
        pod[path: ["status", "containerStatuses"]] = [["name": "curl", "state": state]]
        return pod
    }

    private mutating func patch(_ words: [String], _ namespace: String, _ command: Command) {
        guard let kind = kindName(words[1]), let text = command.stdin,
            let operations = JSON(parsing: text)?.array
        else { return }
        edit(kind, words[2], in: namespace) { object in
            guard let patched = object.applying(operations) else { return }
            object = patched
            let version = Int(object.resourceVersion) ?? 0
            object[path: ["metadata", "resourceVersion"]] = .string("\(version + 1)")
        }
    }

    /// `label namespace NAME key=value other- --overwrite`, or `annotate`.
    private mutating func set(_ member: String, _ words: [String]) {
        for word in words.dropFirst(3) where !word.hasPrefix("--") {
            let pair = word.split(separator: "=", maxSplits: 1).map(String.init)
            let isRemoval = pair.count == 1 && word.hasSuffix("-")
            edit("Namespace", words[2]) {
                let key = isRemoval ? String(word.dropLast()) : pair[0]
                $0[path: ["metadata", member, key]] = isRemoval ? nil : .string(pair[1])
            }
        }
    }

    /// `annotate --overwrite KIND/NAME key=value…`, as Flux is asked.
    private mutating func annotate(_ words: [String], _ namespace: String) {
        let target = words[2].split(separator: "/", maxSplits: 1).map(String.init)
        guard target.count == 2, let kind = kindName(target[0]) else { return }
        for word in words.dropFirst(3) {
            let pair = word.split(separator: "=", maxSplits: 1).map(String.init)
            edit(kind, target[1], in: namespace) {
                $0[path: ["metadata", "annotations", pair[0]]] = .string(pair[1])
            }
        }
    }

    private mutating func delete(_ words: [String], _ namespace: String) {
        guard let kind = kindName(words[1]) else { return }
        for name in words.dropFirst(2) where !name.hasPrefix("--") {
            remove(kind, name, in: namespace)
            if kind == "Namespace" { cluster.removeAll { $0.namespace == name } }
            if kind == "IstioOperator" { prune(ownedBy: name) }
        }
    }

    /// What the old operator deletes with its resource.
    private mutating func prune(ownedBy resource: String) {
        let owned = "install.operator.istio.io/owning-resource"
        cluster.removeAll { $0.labels[owned] == resource }
        if resource == "eastwest-gateway" {
            remove("Service", "istio-eastwestgateway", in: "istio-gateways")
        }
    }

    /// A rollout that is over at once: the owner's pods are injected anew.
    private mutating func restart(_ resource: String, _ namespace: String) {
        let name = resource.split(separator: "/").last.map(String.init) ?? ""
        let moment = "\(now.milliseconds)"
        let kinds = ["Deployment", "StatefulSet", "DaemonSet"]
        for kind in kinds {
            edit(kind, name, in: namespace) { owner in
                let path = [
                    "spec", "template", "metadata", "annotations",
                    "kubectl.kubernetes.io/restartedAt",
                ]
                owner[path: path] = .string(moment)
            }
        }
        for kind in kinds {
            guard let owner = object(kind, name, in: namespace), owner.updatesByItself else {
                continue
            }
            renewPods(of: owner)
        }
    }
}

extension JSON {
    var withoutProxy: JSON? {
        guard Proxy.isInjected(into: self) else { return nil }
        var pod = self
        pod[path: ["metadata", "annotations", "sidecar.istio.io/status"]] = nil
        pod[path: ["spec", "containers"]] = .array(
            pod.spec.items("containers").filter { $0["name"] != "istio-proxy" })
        return pod
    }

    /// The document after a JSON patch; `nil` when a test fails or a path leads nowhere.
    func applying(_ operations: [JSON]) -> JSON? {
        operations.reduce(Optional(self)) { document, operation in
            guard let steps = operation["path"]?.string?.split(separator: "/").map(String.init)
            else { return nil }
            return document?.applying(operation, at: steps[...])
        }
    }

    private func applying(_ operation: JSON, at steps: ArraySlice<String>) -> JSON? {
        guard let step = steps.first?.replacing("~1", with: "/").replacing("~0", with: "~") else {
            guard operation["op"] == "test", operation["value"] != self else { return self }
            return nil
        }
        let isLast = steps.count == 1
        switch self {
        case .object(var members):
            if isLast, operation["op"] == "remove" {
                guard members.removeValue(forKey: step) != nil else { return nil }
                return .object(members)
            }
            if isLast, operation["op"] == "add" {
                members[step] = operation["value"]
                return .object(members)
            }
            guard let changed = members[step]?.applying(operation, at: steps.dropFirst()) else {
                return nil
            }
            members[step] = changed
            return .object(members)
        case .array(var items):
            if isLast, operation["op"] == "add", step == "-" {
                return .array(items + [operation["value"] ?? .null])
            }
            guard let index = Int(step), items.indices.contains(index) else { return nil }
            if isLast, operation["op"] == "remove" {
                items.remove(at: index)
                return .array(items)
            }
            guard let changed = items[index].applying(operation, at: steps.dropFirst()) else {
                return nil
            }
            items[index] = changed
            return .array(items)
        default: return nil
        }
    }
}
