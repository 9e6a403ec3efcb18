import Foundation
import Testing

extension Project {
    /// A project for some clusters of the lab, and its lab.
    ///
    /// The first of the clusters is the canary. Unless a `policy` says otherwise the rest follow
    /// all at once. The `hub` is where the control plane's images come from.
    static func onLab<Value>(
        _ numbers: [Int], policy: String? = nil, hub: String? = nil,
        _ body: (Project, Lab) async throws -> Value
    ) async throws -> Value {
        let lab = try #require(Lab.current, "the suite has no lab")
        var files = try manifests(of: lab)
        files["Inventory/lab.yaml"] = inventory(numbers, lab)
        files["Policies/Rollouts/lab.yaml"] = policy ?? simplePolicy(numbers)
        if let hub {
            let path = "Policies/Takeovers/manifests/istiod.yaml"
            files[path] = files[path]?.replacing(/hub: \S+/, with: "hub: \(hub)")
        }
        return try await with(files: files) { try await body($0, lab) }
    }

    /// A project for clusters of a lab that Helm installed, and its lab.
    static func onHelmLab<Value>(
        _ numbers: [Int], helm: String, policy: String? = nil,
        _ body: (Project, Lab) async throws -> Value
    ) async throws -> Value {
        let lab = try #require(Lab.current, "the suite has no lab")
        var files = try manifests(of: lab)
        files["Inventory/lab.yaml"] = inventory(numbers, lab)
            .replacing("defaults:\n", with: "defaults:\n  tools: {helm: \(helm)}\n")
        files["Policies/Rollouts/lab.yaml"] = policy ?? simplePolicy(numbers)
        return try await with(files: files) { try await body($0, lab) }
    }

    /// A project for some clusters of a lab that istioctl installed, and its lab. The istioctl
    /// is played: see ``PlayedIstioctl``.
    static func onIstioctlLab<Value>(
        _ numbers: [Int], _ body: (Project, Lab, PlayedIstioctl) async throws -> Value
    ) async throws -> Value {
        let lab = try #require(Lab.current, "the suite has no lab")
        let istioctl = try PlayedIstioctl(beside: lab)
        var files = try manifests(of: lab)
        files["Inventory/lab.yaml"] = inventory(numbers, lab)
            .replacing("defaults:\n", with: "defaults:\n  tools: {istioctl: \(istioctl.path)}\n")
        files["Policies/Rollouts/lab.yaml"] = simplePolicy(numbers)
        return try await with(files: files) { try await body($0, lab, istioctl) }
    }

    private static func manifests(of lab: Lab) throws -> [String: String] {
        let folder = lab.directory.appending(path: "Policies/Takeovers").path
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
        return try names.filter { $0.hasSuffix(".yaml") }.reduce(into: [:]) { files, name in
            let path = "Policies/Takeovers/\(name)"
            files[path] = try String(
                contentsOf: lab.directory.appending(path: path), encoding: .utf8)
        }
    }

    private static func inventory(_ numbers: [Int], _ lab: Lab) -> String {
        let clusters = numbers.map { number in
            let (name, role) = (Flock.name(number), number == numbers.first ? "first" : "other")
            return "  - {name: \(name), context: \(name), management: \(lab.manager(of: number)), "
                + "labels: {role: \(role)}}\n"
        }
        let managers = Set(numbers.map(lab.manager)).sorted()
        return """
            defaults:
              kubeconfig: \(lab.kubeconfig.path)
              labels: {bellwether.lab/speed: "60.0"}
            management:
            \(managers.map { "  - {name: \($0), context: \($0)}" }.joined(separator: "\n"))
            clusters:
            \(clusters.joined())
            """
    }

    /// A canary alone, whose takeover somebody has to approve.
    static let gatedPolicy = """
        rollout: lab
        defaults: {gate: {approval: false}}
        waves:
          - {name: canary, canary: true, clusters: {matchLabels: {role: first}}}
        phases:
          takeover:
            waves:
              - name: canary
                canary: true
                clusters: {matchLabels: {role: first}}
                gate: {approval: true}
        """

    static func simplePolicy(_ numbers: [Int]) -> String {
        """
        rollout: lab
        defaults: {gate: {approval: false}}
        waves:
          - {name: canary, canary: true, clusters: {matchLabels: {role: first}}}

        """
            + (numbers.count == 1 ? "" : "  - {name: rest, clusters: rest, maxConcurrency: 100%}\n")
    }
}
