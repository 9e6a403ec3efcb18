import FleetModel
import Testing

@testable import FleetCommands

struct ToolCommandTests {
    @Test(arguments: [
        "kubectl get pods -A", "kubectl -n istio-system get pods", "kubectl --namespace=x logs p",
        "kubectl auth can-i create pods", "kubectl rollout status deploy/web",
        "istioctl proxy-status", "istioctl tag list", "helm list -A", "flux get helmreleases",
        "kubectl get --raw /version",
    ])
    func `a line that only reads is known`(line: String) throws {
        #expect(try tool(line).onlyReads)
    }

    @Test(arguments: [
        "kubectl delete pod x", "kubectl", "kubectl -n get delete pod x", "kubectl auth reconcile",
        "kubectl rollout restart deploy/web", "kubectl --unknown get delete pod x",
        "kubectl -n", "kubectl cluster-info dump --output-directory=/etc", "helm upgrade a b",
        "istioctl tag set default", "flux reconcile kustomization x", "kubectl getx",
        "kubectl exec p -- get",
    ])
    func `whatever isn't known to be harmless is not`(line: String) throws {
        #expect(try !tool(line).onlyReads)
    }

    @Test(arguments: [
        "rm -rf /", "kubectl --context other get pods", "kubectl --kubeconfig=/x get pods",
        "helm --kube-context other list", "kubectl --server https://x get pods",
        "kubectl get pods -s https://x", "kubectl get pods -shttps://x", "istioctl -c /x ps",
        "helm list --kube-apiserver=https://x",
    ])
    func `a line that leads elsewhere is refused`(line: String) {
        #expect(throws: UsageError.self) { try tool(line) }
    }

    @Test(arguments: [
        "kubectl exec deploy/curl -- curl -s --server x", "helm template a -s templates/b.yaml",
    ])
    func `a flag of another program, or of another meaning, leads nowhere`(line: String) throws {
        _ = try tool(line)
    }

    @Test func `each cluster's own context, tool and place are put in`() throws {
        let cluster = Cluster(
            "edge-01", context: "eu-1", kubeconfig: "/etc/kube", bastion: "ams-jump",
            tools: ["helm": "/opt/bin/helm"])
        let command = try tool("helm list -A").command(
            on: cluster, deadline: .seconds(5), isMutating: false)
        #expect(
            command.argv == [
                "/opt/bin/helm", "--kubeconfig", "/etc/kube", "--kube-context", "eu-1", "list",
                "-A",
            ])
        #expect(command.place == .bastion("ams-jump"))
    }

    private func tool(_ line: String) throws -> ToolCommand {
        try ToolCommand(line.split(separator: " ").map(String.init))
    }
}
