import FleetModel

@testable import Takeovers

/// How pods are made anew, at once.
extension World {
    /// `/api/v1/namespaces/NAMESPACE/pods/NAME/eviction`
    mutating func evict(_ path: String) {
        let steps = path.split(separator: "/").map(String.init)
        let (namespace, name) = (steps[3], steps[5])
        let owner = object("Pod", name, in: namespace).flatMap(OwnerReference.init(controllerOf:))
        renew(name, in: namespace, from: owner.flatMap { object($0.kind, $0.name, in: namespace) })
    }

    /// A merge patch; a new template, or a time to restart at, is followed at once.
    mutating func merge(_ words: [String], _ namespace: String, _ command: Command) {
        guard let kind = kindName(words[1]),
            let patch = command.stdin.flatMap({ JSON(parsing: $0) })
        else { return }
        edit(kind, words[2], in: namespace) { $0 = $0.merging(patch) }
        edit(kind, words[2], in: namespace) { object in
            guard let time = object.spec["restartAt"] else { return }
            object[path: ["status", "restartedAt"]] = time
        }
        guard let owner = object(kind, words[2], in: namespace), owner.updatesByItself else {
            return
        }
        renewPods(of: owner)
    }

    /// Every pod whose name begins with the owner's is made anew.
    mutating func renewPods(of owner: JSON) {
        let names = cluster.filter {
            $0["kind"] == "Pod" && $0.namespace == owner.namespace && $0.name.hasPrefix(owner.name)
        }.map(\.name)
        for name in names { renew(name, in: owner.namespace, from: owner) }
    }

    private mutating func renew(_ name: String, in namespace: String, from owner: JSON?) {
        guard let pod = object("Pod", name, in: namespace) else { return }
        let bare = (pod.withoutProxy ?? pod).following(owner?.template)
        guard case .found(var fresh) = inject(bare, in: namespace) else { return }
        fresh[path: ["metadata", "creationTimestamp"]] = .string(now.rfc3339)
        edit("Pod", name, in: namespace) { $0 = fresh }
    }
}

extension JSON {
    fileprivate func following(_ template: JSON?) -> JSON {
        var pod = self
        for (key, value) in template?.labels ?? [:] {
            pod[path: ["metadata", "labels", key]] = .string(value)
        }
        for (key, value) in template?.annotations ?? [:] {
            pod[path: ["metadata", "annotations", key]] = .string(value)
        }
        return pod
    }

    fileprivate func merging(_ patch: JSON) -> JSON {
        guard let members = patch.object else { return patch }
        var object = self.object == nil ? [:] : self
        for (key, value) in members {
            object[key] = value.isNull ? nil : (object[key] ?? [:]).merging(value)
        }
        return object
    }
}
