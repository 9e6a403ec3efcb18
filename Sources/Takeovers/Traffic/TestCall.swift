import FleetModel

/// A call from a pod of the test to the server of one of its sides.
///
/// A pod makes it, rather than `kubectl exec`: its answer is there to be read by whoever
/// looks, also after our death, and nobody needs the right to enter pods.
enum TestCall: String, CaseIterable, Sendable {
    case newToNew = "call-new-to-new"
    case newToOld = "call-new-to-old"
    case oldToNew = "call-old-to-new"
    /// The controls: without a sidecar nobody gets past the mutual TLS of either side.
    case withoutSidecar = "call-without-sidecar"
    case withoutSidecarToOld = "call-without-sidecar-to-old"

    static let container = "curl"

    var name: String { rawValue }
    var isRefused: Bool { self == .withoutSidecar || self == .withoutSidecarToOld }

    /// The calls to make, where the old revision may be out of reach.
    static func all(reachingOld: Bool) -> [TestCall] {
        reachingOld ? allCases : [.newToNew, .withoutSidecar]
    }

    func from(_ move: Move) -> TestSide { self == .oldToNew ? move.oldSide : move.newSide }
    func to(_ move: Move) -> TestSide {
        switch self {
        case .newToNew, .oldToNew, .withoutSidecar: move.newSide
        case .newToOld, .withoutSidecarToOld: move.oldSide
        }
    }

    /// Calls until it is answered as it should be, a few times at most: a proxy needs a moment to
    /// know the mesh, and another one until it demands mutual TLS. The answer is the container's
    /// termination message, of which Kubernetes keeps the last 4096 bytes.
    private static let script = #"""
        tries=0
        while :; do
          out=$(curl -sS -m 10 -D - -w '\nHTTP %{http_code}' "$1" 2>&1)
          status=$? envoy=no tries=$((tries + 1))
          case $out in *x-envoy-upstream-service-time:*) envoy=yes ;; esac
          case "$status $envoy" in $2) break ;; esac
          [ "$tries" -ge "$3" ] && break
          sleep 3
        done
        printf '%s\nenvoy %s\nexit %s\n' "$(printf %s "$out" | tail -c 1000)" \
          "$envoy" "$status" >/dev/termination-log
        """#

    func pod(_ move: Move) -> JSON {
        let wanted = isRefused ? "5[26] no" : "0 yes"
        let tries = isRefused ? "5" : "10"
        let command = ["sh", "-c", Self.script, "call", to(move).url, wanted, tries]
        var labels = ["app": name]
        if isRefused { labels["sidecar.istio.io/inject"] = "false" }
        return [
            "apiVersion": "v1", "kind": "Pod",
            "metadata": [
                "name": .string(name), "namespace": .string(from(move).namespace),
                "labels": JSON(labels),
            ],
            "spec": [
                "restartPolicy": "Never",
                "containers": [
                    [
                        "name": .string(Self.container),
                        "image": .string(move.settings.clientImage),
                        "command": .array(command.map(JSON.string)),
                    ]
                ],
            ],
        ]
    }
}
