import FleetModel

/// A pod that calls a Service and leaves the answer as its termination message.
struct PodCall: Sendable {
    let pod: JSON
    /// The container that calls.
    let container: String
    /// How long it goes on calling before what it got is the answer, in milliseconds.
    let patience: Int64
    private let service: ObjectKey
    private let wantsAnswer: Bool

    /// Takes `sh -c SCRIPT NAME http://SERVICE.NAMESPACE:PORT/ WANTED TRIES` for such a call, where
    /// `0 yes` wants an answer, and anything else to be refused.
    init?(_ pod: JSON) {
        let callers = (pod["spec"]?["containers"]?.array ?? []).compactMap { container in
            Self.host(in: container["command"]?.array ?? []).map { (container, $0) }
        }
        guard let (container, host) = callers.first else { return nil }
        self.pod = pod
        let words = container["command"]?.array ?? []
        let tries = words.last?.string.flatMap { Int64($0) } ?? 1
        wantsAnswer = words.dropLast().last == "0 yes"
        patience = max(0, tries - 1) * 3000
        self.container = container["name"]?.string ?? ""
        service = ObjectKey("services", namespace: String(host[1]), name: String(host[0]))
    }

    private static func host(in command: [JSON]) -> [Substring]? {
        guard command.count > 4, command[1] == "-c", let url = command[4].string,
            url.hasPrefix("http://")
        else { return nil }
        let parts = url.dropFirst("http://".count).prefix { $0 != ":" && $0 != "/" }
            .split(separator: ".")
        return parts.count == 2 ? parts : nil
    }

    /// What the call leaves behind when it is made now.
    func message(_ scene: inout Scene) -> String {
        let answer = answer(&scene)
        return "\(answer.text)\nenvoy \(answer.passedEnvoy ? "yes" : "no")\nexit \(answer.exit)\n"
    }

    /// Whether calling again would not change a thing.
    func isAnswered(_ scene: inout Scene) -> Bool {
        let answer = answer(&scene)
        return wantsAnswer ? answer.passedEnvoy : answer.exit == Self.reset
    }

    /// What curl says when the server hangs up.
    private static let reset = 56

    private typealias Answer = (text: String, passedEnvoy: Bool, exit: Int)

    private func answer(_ scene: inout Scene) -> Answer {
        let client = ProxyReader(pod)
        guard let backend = backend(&scene) else {
            guard client != nil else { return ("curl: (7) Failed to connect\nHTTP 000", false, 7) }
            return ("HTTP/1.1 503 Service Unavailable\n\nno healthy upstream\nHTTP 503", false, 0)
        }
        let served: Answer = (
            "HTTP/1.1 200 OK\nx-envoy-upstream-service-time: 3\n\nHTTP 200", true, 0
        )
        guard let server = ProxyReader(backend) else { return served }
        guard let client else {
            guard isStrict(&scene) else { return served }
            return (
                "curl: (56) Recv failure: Connection reset by peer\nHTTP 000", false, Self.reset
            )
        }
        guard scene.faults.splitsTrust, client.revision != server.revision else { return served }
        let reason = "TLS error: 268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED"
        return (
            "HTTP/1.1 503 Service Unavailable\n\nupstream connect error or disconnect/reset before "
                + "headers. reset reason: connection failure, transport failure reason: \(reason)"
                + "\nHTTP 503", false, 0
        )
    }

    private func backend(_ scene: inout Scene) -> JSON? {
        guard let selector = scene.store.get(service)?[path: ["spec", "selector"]] else {
            return nil
        }
        return scene.list("pods").first { pod in
            pod.namespace == service.namespace && pod.isReady && !pod.isTerminating
                && (selector.object ?? [:]).allSatisfy { pod.labels[$0.key] == $0.value.string }
        }
    }

    /// Whether the server's namespace, or the mesh, takes mutual TLS only.
    private func isStrict(_ scene: inout Scene) -> Bool {
        scene.list("peerauthentications.security.istio.io").contains { policy in
            (policy.namespace == service.namespace || policy.namespace == IstioRevision.space)
                && policy[path: ["spec", "mtls", "mode"]]?.string == "STRICT"
        }
    }
}
