import FleetModel
import FleetRunner
import Testing

struct KubectlFailureTests {
    static let cases: [(stderr: String, kind: String)] = [
        (#"Error from server (NotFound): deployments.apps "istiod-1-15" not found"#, "notFound"),
        (#"error: the server doesn't have a resource type "istiolifecyclemanagers""#, "notFound"),
        (#"error: no matches for kind "IstioLifecycleManager" in version "v2""#, "notFound"),
        (#"Error from server (Forbidden): pods is forbidden: User "x" cannot list"#, "forbidden"),
        (
            #"Error from server (Forbidden): error when creating "STDIN": pods is forbidden: User "x" cannot create resource "pods" in API group "" in the namespace "shop""#,
            "forbidden"
        ),
        (
            #"Error from server (Forbidden): error when creating "STDIN": pods "p" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0"#,
            "refused"
        ),
        (
            #"Error from server (Forbidden): error when creating "STDIN": pods "p" is forbidden: unable to create new content in namespace shop because it is being terminated"#,
            "refused"
        ),
        ("The request is invalid", "conflict"),
        (
            "The request is invalid: the server rejected our request due to an error in our request",
            "conflict"
        ),
        ("error: You must be logged in to the server (Unauthorized)", "forbidden"),
        (#"error: context "cluster_1" does not exist"#, "forbidden"),
        ("error: stat /home/ann/.kube/config: no such file or directory", "transient"),
        (
            #"error: error loading config file "/home/ann/.kube/config": yaml: line 2: mapping values"#,
            "transient"
        ),
        ("Unable to connect to the server: dial tcp 10.0.0.1:6443: i/o timeout", "unreachable"),
        ("Unable to connect to the server: net/http: TLS handshake timeout", "unreachable"),
        (
            "The connection to the server 10.0.0.1:6443 was refused - did you specify the right host or port?",
            "unreachable"
        ),
        (
            #"Error from server (Conflict): Operation cannot be fulfilled on x "y": the object has been modified; please apply your changes to the latest version and try again"#,
            "conflict"
        ),
        (
            "error: failed to create patch for details-v1: if restart has already been triggered within the past second, please wait before attempting to trigger another",
            "conflict"
        ),
        (
            #"Error from server (InternalError): Internal error occurred: failed calling webhook "rev.namespace.sidecar-injector.istio.io": failed to call webhook: Post "https://istiod-1-15.istio-system.svc:443/inject?timeout=10s": no endpoints available for service "istiod-1-15""#,
            "refused"
        ),
        (
            "Error from server (TooManyRequests): Cannot evict pod as it would violate the pod's disruption budget.",
            "conflict"
        ),
        (#"error: deployments.apps "legacy" can't restart paused deployment"#, "refused"),
        (#"error: deployment "details-v1" exceeded its progress deadline"#, "refused"),
        ("error: timed out waiting for the condition", "transient"),
        (
            #"error: unable to upgrade connection: container not found ("discovery")"#, "refused"
        ),
        ("", "refused"),
    ]

    private func told(
        _ ending: CommandResult.Ending, _ stderr: String = "", of tool: String = "kubectl"
    ) -> KubectlFailure {
        KubectlFailure(
            CommandResult(ending, stderr: Array(stderr.utf8)),
            of: Command([tool], isMutating: false))
    }

    @Test func `who says nothing is named`() {
        #expect(told(.exited(1), of: "helm") == .refused("helm failed without a word"))
        #expect(told(.timedOut, of: "helm") == .unreachable("helm gave no answer in time"))
        #expect(told(.lost("cut"), of: "flux") == .transient("flux was lost: cut"))
    }

    @Test(arguments: cases)
    func `kubectl's words are told apart`(stderr: String, kind: String) {
        let failure = told(.exited(1), stderr)
        #expect("\(failure)".hasPrefix(kind))
    }

    @Test func `a warning is not what went wrong`() {
        let stderr = "Warning: policy/v1beta1 is deprecated\nerror: x is invalid\n"
        let failure = told(.exited(1), stderr)
        #expect(failure == .refused("error: x is invalid"))
    }
}
