import FleetModel

/// Makes kubectl commands for one cluster, complete so that an operator can
/// repeat them by hand where they ran.
struct Kubectl: Hashable, Sendable {
    let cluster: Cluster

    /// A command that changes the cluster.
    func change(
        _ arguments: [String], stdin: String? = nil, redactions: [String] = [], purpose: String
    ) -> Command {
        Command(
            cluster.kubectl(arguments), stdin: stdin, place: cluster.place, deadline: .seconds(60),
            isMutating: true,
            redactions: redactions, purpose: purpose)
    }

    /// A command that only asks; its stdout is JSON.
    func ask(_ arguments: [String], stdin: String? = nil, purpose: String) -> Command {
        Command(
            cluster.kubectl(arguments), stdin: stdin, place: cluster.place, deadline: .seconds(60),
            isMutating: false,
            purpose: purpose)
    }

    /// A JSON patch, which `kubectl` reads from stdin so that no quoting is at stake.
    func patch(
        _ resource: String, _ name: String, in namespace: String? = nil, with patch: JSONPatch,
        purpose: String
    ) -> Command {
        let options = ["--type=json", "--patch-file", "/dev/stdin"]
        return change(
            scope(namespace) + ["patch", resource, name] + options, stdin: patch.text,
            purpose: purpose)
    }

    /// A merge patch (RFC 7386), for what holds whatever else the object says.
    func merge(
        _ resource: String, _ name: String, in namespace: String? = nil, with patch: JSON,
        purpose: String
    ) -> Command {
        let options = ["--type=merge", "--patch-file", "/dev/stdin"]
        return change(
            scope(namespace) + ["patch", resource, name] + options, stdin: patch.description,
            purpose: purpose)
    }

    /// Evicts a pod, unless another has taken its name or a disruption budget says no.
    func evict(_ pod: Pod, purpose: String) -> Command {
        let eviction: JSON = [
            "apiVersion": "policy/v1", "kind": "Eviction",
            "metadata": ["name": .string(pod.name), "namespace": .string(pod.namespace)],
            "deleteOptions": ["preconditions": ["uid": .string(pod.object.uid)]],
        ]
        let path = APIPath.pod(pod.name, in: pod.namespace) + "/eviction"
        return change(
            ["create", "--raw", path, "-f", "-"], stdin: eviction.description, purpose: purpose)
    }

    /// Creates an object. One of our own making, which `isKnown` says, needs no validation, for
    /// which kubectl would fetch all the server's schemas: megabytes.
    func create(
        _ object: JSON, isKnown: Bool = false, redactions: [String] = [], purpose: String
    ) -> Command {
        change(
            ["create"] + (isKnown ? ["--validate=false"] : []) + ["-f", "-"],
            stdin: object.description, redactions: redactions, purpose: purpose)
    }

    /// Deletes objects without waiting: whether they are gone is for `observe` to see.
    func delete(
        _ resource: String, _ names: [String], in namespace: String? = nil, purpose: String
    ) -> Command {
        let options = ["--ignore-not-found", "--wait=false"]
        return change(scope(namespace) + ["delete", resource] + names + options, purpose: purpose)
    }

    private func scope(_ namespace: String?) -> [String] { namespace.map { ["-n", $0] } ?? [] }
}
