import FleetModel

/// Asks the API servers whether we may do what the steps will do.
struct AccessReview: Sendable {
    let gloo: GlooSituation

    init(_ gloo: GlooSituation) { self.gloo = gloo }

    var readings: [Reading] { questions.map(\.reading) }

    /// What we may not do, in words; a server that will not say is taken to allow it,
    /// and the command itself will tell.
    func denied(_ view: ClusterView) throws(Pause) -> [String] {
        var denied: [String] = []
        for question in questions {
            guard case .found(let review) = try view.result(of: question.reading) else { continue }
            if review.status["allowed"]?.bool == false { denied.append(question.words) }
        }
        return denied
    }

    private struct Question {
        let words: String
        let reading: Reading
    }

    private var questions: [Question] {
        [
            question("patch", "deployments", "apps", on: .cluster),
            question("create", "pods", "", on: .cluster),
            question(
                "patch", "mutatingwebhookconfigurations", "admissionregistration.k8s.io",
                on: .cluster),
            question("create", "leases", "coordination.k8s.io", on: .cluster),
            question("delete", "istiooperators", "install.istio.io", on: .cluster),
            question("patch", "istiolifecyclemanagers", "admin.gloo.solo.io", on: .management),
        ]
    }

    private func question(
        _ verb: String, _ resource: String, _ group: String, on target: Target
    ) -> Question {
        let attributes: JSON = [
            "verb": .string(verb), "resource": .string(resource), "group": .string(group),
        ]
        let review: JSON = [
            "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
            "spec": ["resourceAttributes": attributes],
        ]
        let kubectl = target == .cluster ? gloo.kubectl : gloo.managementKubectl
        let command = kubectl.ask(
            ["create", "--validate=false", "-o", "json", "-f", "-"], stdin: review.description,
            purpose: "ask whether we may \(verb) \(resource)")
        return Question(words: "\(verb) \(resource)", reading: .command(command, on: target))
    }
}
