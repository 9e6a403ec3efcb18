import FleetModel

/// The checks of what stands around the workloads: budgets, nodes, operators, policies.
struct SurroundingChecks: Sendable {
    let facts: PreflightFacts
    let move: Move
    /// Whether new gateways come beside the old ones, with accounts of their own.
    var bringsGateways = false

    var findings: [Finding] {
        budgets + evictions + networkAgents + skew() + policies + refusals + room
    }

    private var namespaces: Set<String> { Set(facts.workloads.inMesh.map(\.owner.namespace)) }

    /// A rollout goes by its own limits; a budget that is broken says that pods are missing.
    var budgets: [Finding] {
        let broken = facts.budgets.filter {
            $0.isViolated && namespaces.contains($0.object.namespace)
        }
        let names = broken.map(\.object.qualifiedName).sorted()
        return
            (names.isEmpty
            ? [] : [.warn("P08", "fewer pods are healthy than asked for by \(names.summary)")])
            + drains
    }

    /// A lone istiod with a budget of one, as Istio installs it, is evicted by nobody.
    private var drains: [Finding] {
        let istiods = facts.workloads.all.flatMap(\.pods).filter { $0.labels["app"] == "istiod" }
        let names = facts.budgets.filter { $0.isBlocking && istiods.contains(where: $0.covers) }
            .map(\.object.qualifiedName).sorted()
        guard !names.isEmpty else { return [] }
        return [.note("P08", "no node with an istiod can be drained: \(names.summary)")]
    }

    /// What is restarted by evictions cannot be, while a budget that is kept lets no pod go.
    var evictions: [Finding] {
        let evicted = facts.queue.waiting.filter { RestartWay(of: $0).evicts }
        let budgets = EvictionBudgets(facts.budgets)
        return evicted.compactMap { workload in
            let answers = workload.injectedPods.map(budgets.answer)
            return answers.lazy.compactMap(\.reason).first.map {
                .block("P08", "\(workload.owner) is moved pod by pod, and \($0)")
            }
        }
    }

    /// Two operators would fight over what Gloo's is given. Who brings no operator has nothing
    /// that another could handle.
    var oldOperators: [Finding] {
        let namespace = "gm-iop-\(move.revision)"
        return facts.deployments.compactMap { deployment in
            guard deployment.isIstioOperator, deployment.namespace != namespace,
                deployment.handlesRevision(move.revision)
            else { return nil }
            let name = deployment.qualifiedName
            guard let watched = deployment.operatorVariable("WATCH_NAMESPACE") else {
                return .warn("P11", "\(name) does not say which namespaces it watches")
            }
            let spaces = watched.split(separator: ",").map(String.init)
            guard spaces.isEmpty || spaces.contains(namespace) else { return nil }
            return .block("P11", "\(name) would handle what is made in \(namespace)")
        }
    }

    /// Nodes cannot start pods of the mesh once their agent is gone.
    var networkAgents: [Finding] {
        let agents = facts.daemonSets.filter { $0.isNetworkAgent(of: move.old) }
        return agents.map {
            .warn("P13", "\($0.qualifiedName) belongs to revision \(move.old) and goes with it")
        }
    }

    /// A new control plane serves proxies two minors older at most, and none that are newer
    /// (Istio's supported skew of revision-based upgrades). One that serves old and new
    /// proxies in the old one's place may be one minor ahead only.
    func skew(inPlace: Bool = false) -> [Finding] {
        let proxies = servedProxies(inPlace: inPlace)
        guard !proxies.isEmpty else { return [] }
        guard let new = MinorVersion(move.version) else {
            return [
                .warn("P15", "which proxies \(move.version.quoted) may serve, nobody can tell")
            ]
        }
        let versions = proxies.map(version)
        let far = Set(versions.compactMap(\.self)).sorted().filter { text in
            MinorVersion(text).map { !new.serves($0, within: inPlace ? 1 : 2) } ?? false
        }
        return unknown(versions.count { $0 == nil }) + tooFar(far)
    }

    private func tooFar(_ versions: [String]) -> [Finding] {
        guard !versions.isEmpty else { return [] }
        let words = "\(move.version) is no control plane for proxies of \(versions.summary)"
        return move.settings.allowsSkew ? [.warn("P15", words)] : [.block("P15", words)]
    }

    private func unknown(_ count: Int) -> [Finding] {
        guard count > 0 else { return [] }
        let words = "\(count) proxies to move show no version, and neither does their istiod: "
        return [
            .warn("P15", "\(words)whether \(move.version) may serve them is unknown")
        ]
    }

    /// Proxies that the new control plane will be asked by before, or unless, they are renewed:
    /// sidecars to move, and gateways but for those that go with their old resources.
    private func servedProxies(inPlace: Bool) -> [Proxy] {
        let gateways = facts.workloads.all.flatMap(\.pods).filter { pod in
            guard let proxy = pod.proxy, proxy.kind == .gateway, !pod.isTerminating else {
                return false
            }
            return move.shouldMove(proxy) && (inPlace || Proxy.isInjected(into: pod.object))
        }
        let sidecars = facts.queue.waiting.flatMap(\.injectedPods)
        return (sidecars + gateways.filter { !sidecars.contains($0) }).compactMap(\.proxy)
    }

    /// A digest hides it; then it is most likely that of the istiod that injected it.
    private func version(of proxy: Proxy) -> String? {
        let plane = ControlPlane.all(in: facts.deployments).first {
            $0.revision == proxy.revision
        }
        return [proxy.version, plane?.version].compactMap(\.self).first {
            MinorVersion($0) != nil
        }
    }

    var policies: [Finding] { policies(movingTo: Set(move.gateways.map(\.namespace))) }

    /// Policies that would no longer mean the gateways, once those are in other namespaces, or in
    /// the same ones with other accounts.
    func policies(movingTo new: Set<String>) -> [Finding] {
        guard !new.isEmpty else { return [] }
        let all = Set(facts.fronts.map(\.service.namespace))
        let old = all.subtracting(new)
        let accounts = changingAccounts(in: all.intersection(new))
        let naming = facts.authorizationPolicies.filter { policy in
            old.contains { policy.names(namespace: $0) } || accounts.contains(where: policy.names)
        }.map(\.qualifiedName).sorted()
        return warning("AuthorizationPolicies name the old gateways", naming)
            + (old.isEmpty ? [] : network(from: old, to: new))
    }

    /// Accounts of gateways that others take the place of, unless one of those has the same.
    /// Gateways that Helm upgrades keep theirs.
    private func changingAccounts(in namespaces: Set<String>) -> [GatewayAccount] {
        guard bringsGateways else { return [] }
        let pods = facts.workloads.all.flatMap(\.pods).filter {
            $0.proxy?.kind == .gateway && namespaces.contains($0.namespace)
        }
        let accounts = { (revision: Revision) in
            pods.filter { $0.proxy?.revision == revision }.map(GatewayAccount.init)
        }
        let new = accounts(move.revision)
        return accounts(move.old).filter { !new.contains($0) }
    }

    private func network(from old: Set<String>, to new: Set<String>) -> [Finding] {
        guard let policies = facts.networkPolicies else {
            return [.note("P17", "we may not read NetworkPolicies")]
        }
        let shut = policies.filter { admits($0, someOf: old) && !admits($0, someOf: new) }
            .map(\.object.qualifiedName).sorted()
        let spaces = new.sorted().joined(separator: ", ")
        return warning(
            "NetworkPolicies let the old gateways in, and nobody from \(spaces)", shut)
    }

    private func warning(_ words: String, _ policies: [String]) -> [Finding] {
        policies.isEmpty ? [] : [.warn("P17", "\(words): \(policies.summary)")]
    }

    /// A namespace that isn't there yet will have the label that every one is given.
    private func admits(_ policy: NetworkPolicy, someOf names: Set<String>) -> Bool {
        names.contains { name in
            let labels = facts.namespaces.first { $0.name == name }?.labels ?? [:]
            let given = ["kubernetes.io/metadata.name": name]
            return policy.admits(namespaceLabels: labels.merging(given) { $1 })
        }
    }

    /// Steps that wait for such a pod would wait in vain, and some of them while nobody is
    /// served. That Istio's own webhook is not answered is P04's to tell.
    private var probes: [Finding] {
        facts.probes.compactMap { namespace, answer in
            guard answer.isRefusal, !answer.isInjectorsRefusal else { return nil }
            return .block("P18", "a new pod in \(namespace) \(answer.description)")
        }
    }

    var refusals: [Finding] {
        probes + failures
    }

    private var failures: [Finding] {
        let dated = facts.refusedPods.compactMap { event in event.lastSeen.map { ($0, event) } }
        guard let (seen, latest) = dated.max(by: { $0.0 < $1.0 }),
            facts.now - seen < .seconds(3_600)
        else { return [] }
        let owner = latest["involvedObject"]?["name"]?.string ?? "a workload"
        let message = latest["message"]?.string ?? "no pod could be made"
        let namespace = latest["involvedObject"]?["namespace"]?.string ?? latest.namespace
        return [
            .warn("P18", "\(namespace)/\(owner): \(message)\(facts.webhookTrust.hint(on: message))")
        ]
    }

    var room: [Finding] {
        let waiting = facts.workloads.all.flatMap(\.pods).filter { pod in
            pod.object.condition("PodScheduled")?["reason"]?.string == "Unschedulable"
        }
        guard !waiting.isEmpty else { return [] }
        let names = waiting.map(\.object.qualifiedName).sorted()
        return [.warn("P19", "no node has room for \(names.summary)")]
    }
}

/// By what policies know the pods of a gateway.
private struct GatewayAccount: Hashable, Sendable {
    let namespace: String
    let name: String

    init(_ pod: Pod) {
        namespace = pod.namespace
        name = pod.object.spec["serviceAccountName"]?.nonEmpty ?? "default"
    }
}

/// Major and minor of an Istio version.
private struct MinorVersion {
    let major: Int
    let minor: Int

    /// Reads `1.25.3-solo`; `nil` for what begins otherwise.
    init?(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 2)
        guard parts.count > 1, let major = Int(parts[0]), let minor = Int(parts[1]) else {
            return nil
        }
        (self.major, self.minor) = (major, minor)
    }

    func serves(_ proxy: MinorVersion, within minors: Int) -> Bool {
        let (ahead, overflow) = minor.subtractingReportingOverflow(proxy.minor)
        return major == proxy.major && !overflow && (0...minors).contains(ahead)
    }
}

extension JSON {
    fileprivate var isIstioOperator: Bool {
        name == "istio-operator" || name.hasPrefix("istio-operator-")
    }

    fileprivate func operatorVariable(_ name: String) -> String? {
        let containers = template["spec"]?.items("containers") ?? []
        return containers.lazy.compactMap { $0.environment(name) }.first
    }

    /// An operator without a revision of its own handles every one.
    fileprivate func handlesRevision(_ revision: Revision) -> Bool {
        let own = operatorVariable("REVISION") ?? ""
        return own.isEmpty || own == revision.rawValue
    }

    /// Whether a policy means those who come from a namespace, or an account in it.
    fileprivate func names(namespace: String) -> Bool {
        meant("namespaces", "source.namespace").contains(namespace)
            || meant("principals", "source.principal").contains {
                $0.contains("/ns/\(namespace)/sa/")
            }
            || meant("serviceAccounts", "source.serviceAccount").contains {
                $0.hasPrefix("\(namespace)/")
            }
    }

    /// Whether a policy means an account by its name. A principal may begin with an asterisk.
    fileprivate func names(_ account: GatewayAccount) -> Bool {
        let identity = "/ns/\(account.namespace)/sa/\(account.name)"
        return meant("principals", "source.principal").contains { principal in
            principal.hasSuffix(identity)
                || principal.hasPrefix("*/") && identity.hasSuffix(principal.dropFirst())
        }
            || meant("serviceAccounts", "source.serviceAccount")
                .contains("\(account.namespace)/\(account.name)")
    }

    /// What a policy says of callers: in a field of `from.source`, or in its opposite
    /// (`notNamespaces`), or as a condition of `when`.
    private func meant(_ field: String, _ key: String) -> [String] {
        let opposite = "not" + field.prefix(1).uppercased() + field.dropFirst()
        let rules = spec.items("rules")
        let sources = rules.flatMap { $0.items("from") }.compactMap { $0["source"] }
        let conditions = rules.flatMap { $0.items("when") }.filter { $0["key"]?.string == key }
        return
            (sources.flatMap { $0.items(field) + $0.items(opposite) }
            + conditions.flatMap { $0.items("values") + $0.items("notValues") })
            .compactMap(\.string)
    }

    /// When an Event was last seen; the fields differ between its two APIs.
    var lastSeen: Timestamp? {
        let texts = [self["lastTimestamp"], self["eventTime"], metadata["creationTimestamp"]]
        return texts.lazy.compactMap { $0?.nonEmpty }.first.flatMap { Timestamp(rfc3339: $0) }
    }
}
