"""The runbook `revision`: from one revision of upstream Istio to the next, by the real helm."""
import json

import istio  # of the testbed
import lab_charts
import proofs
from kubernetes import proxy_image, qualified, revision, wait_until
from proofs import INJECTORS, RBAC, VALIDATORS
from story import Story
from workloads import schedule, workload

OLD, OLD_VERSION = "1-27", "1.27.3"
NEW, NEW_VERSION = "1-28", "1.28.0"
OLD_IMAGE = f"docker.io/istio/proxyv2:{OLD_VERSION}"
NEW_IMAGE = f"registry.example.net/istio/proxyv2:{NEW_VERSION}"
TAGS = ("default", "prod-stable")
GATEWAY = "istio-ingress"  # its release, and the namespace of it
DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
SECRETS = "/api/v1/secrets"

# By what each namespace chooses its revision, and what it says at the end.
MESHED = {"shop": {"istio-injection": "enabled"}, "bank": {"istio.io/rev": "prod-stable"},
          "telemetry": {"istio.io/rev": OLD}}
AT_THE_END = {**MESHED, "telemetry": {"istio.io/rev": NEW}}
WORKLOADS = [("Deployment", "shop", "web", 3), ("Deployment", "shop", "api", 1),
             ("StatefulSet", "bank", "ledger", 2), ("DaemonSet", "telemetry", "agent", None)]
UNMESHED = ("Deployment", "plain", "tools", 1)
WATCHED = [*proofs.WATCHED, f"{RBAC}/roles", f"{RBAC}/rolebindings", SECRETS, DEFINITIONS]


class RevisionStory(Story):
    TAKEOVER = "revision"
    BEFORE = "An Istio that helm has installed, and its workloads"
    STAND_INS = {"ISTIOD": "1"}

    def __init__(self, *given):
        super().__init__(*given)
        self.fronts = {}  # each cluster's Service of the gateway, as it was before
        self.pods = {}  # how many pods each cluster's mesh had

    def install(self):
        lab_charts.write(self.binary, self.stage / "charts", [OLD_VERSION, NEW_VERSION],
                         self.clusters[0])
        for cluster in self.clusters:
            self.install_istio(cluster)
        for cluster in self.clusters:
            wait_until("istiod has claimed its webhooks", lambda: is_claimed(cluster))
            self.release(cluster, GATEWAY, GATEWAY, "gateway", f"revision={OLD}")
            spaces = [istio.namespace(name, **labels) for name, labels in MESHED.items()]
            cluster.apply([*spaces, istio.namespace(UNMESHED[1]),
                           *(workload(*one) for one in [*WORKLOADS, UNMESHED]), schedule()])
        for cluster in self.clusters:
            for kind, space, name, _ in [*WORKLOADS, UNMESHED]:
                cluster.settle(kind, space, name)
            cluster.settle("Deployment", GATEWAY, GATEWAY)
            wait_until("the gateway has an address", lambda: front(cluster)[1])
            self.fronts[cluster.context] = front(cluster)
            self.pods[cluster.context] = len(proofs.pods_in(cluster, [*MESHED, GATEWAY]))

    def install_istio(self, cluster):
        """Without the testbed's own definitions, which helm would refuse to adopt."""
        own = [one["metadata"]["name"] for one in cluster.list(DEFINITIONS)]
        cluster.kubectl("delete", "crd", *(name for name in own if name.endswith(".istio.io")))
        cluster.apply([istio.namespace(istio.SPACE), istio.namespace(GATEWAY)])
        self.release(cluster, istio.SPACE, "istio-base", "base", f"defaultRevision={OLD}")
        self.release(cluster, istio.SPACE, f"istiod-{OLD}", "istiod", f"revision={OLD}")
        cluster.apply([istio.tag(name, OLD) for name in TAGS])

    def release(self, cluster, space, name, chart, value):
        cluster.helm("install", name, str(self.stage / "charts" / OLD_VERSION / chart),
                     "-n", space, "--set-string", value, "--wait")

    def still_old(self, cluster):
        for pod in proofs.pods_in(cluster, [*MESHED, GATEWAY]):
            yield (f"{qualified(pod)} starts on the old revision",
                   revision(pod) == OLD and proxy_image(pod) == OLD_IMAGE)

    def taken_over(self, cluster):
        yield from self.served_by_the_new(cluster)
        yield "the old control plane still stands by", is_available(cluster, f"istiod-{OLD}")
        yield "its release is still deployed", deployed(cluster).get(f"istiod-{OLD}") == (
            f"istiod-{OLD_VERSION}")
        yield "the default validator still calls it", called_by_default(cluster) == {
            f"istiod-{OLD}"}

    def retired(self, cluster):
        yield from self.served_by_the_new(cluster)
        for path in left_of_the_old(cluster):
            yield f"{path} is gone", False
        yield "helm knows the new releases alone", deployed(cluster) == {
            "istio-base": f"base-{NEW_VERSION}", f"istiod-{NEW}": f"istiod-{NEW_VERSION}",
            GATEWAY: f"gateway-{NEW_VERSION}"}
        yield "the default validator calls the new one", called_by_default(cluster) == {
            f"istiod-{NEW}"}
        names = {one["metadata"]["name"] for one in cluster.list(DEFINITIONS)}
        yield "Istio's definitions are still there", names >= {
            "virtualservices.networking.istio.io", "peerauthentications.security.istio.io"}
        yield from proofs.spaces_stand(cluster, (istio.SPACE, GATEWAY, *MESHED, "plain"))
        yield "the test workload is gone", not cluster.get("/api/v1/namespaces/petstore")

    def served_by_the_new(self, cluster):
        pods = proofs.pods_in(cluster, [*MESHED, GATEWAY])
        yield "there are as many pods as before", len(pods) == self.pods[cluster.context]
        yield from proofs.on_the_new(pods, NEW, NEW_IMAGE)
        for tag in TAGS:
            yield from proofs.tag_leads_to(cluster, tag, NEW)
        for space, labels in AT_THE_END.items():
            found = cluster.get(f"/api/v1/namespaces/{space}")["metadata"]["labels"]
            yield f"{space} is labelled {labels}", labels.items() <= found.items() and (
                len([key for key in found if key.startswith("istio")]) == 1)
        yield "the gateway's Service and its address stayed", (
            front(cluster) == self.fronts[cluster.context])
        yield f"istiod-{NEW} is available", is_available(cluster, f"istiod-{NEW}")
        yield from proofs.unlocked(cluster)

    def watched(self):
        return [(one, WATCHED) for one in self.clusters]


def is_claimed(cluster):
    names = [f"istio-sidecar-injector-{OLD}", *(f"istio-revision-tag-{tag}" for tag in TAGS)]
    found = [cluster.get(f"{INJECTORS}/{name}") for name in names]
    return all(one["clientConfig"].get("caBundle") for each in found for one in each["webhooks"])


def is_available(cluster, name):
    found = proofs.deployment(cluster, f"istio-system/{name}")
    return bool(found) and found.get("status", {}).get("availableReplicas", 0) > 0


def front(cluster):
    """The UID and the addresses of the gateway's Service."""
    found = cluster.get(f"/api/v1/namespaces/{GATEWAY}/services/{GATEWAY}")
    return found["metadata"]["uid"], found["status"]["loadBalancer"].get("ingress")


def deployed(cluster):
    """The releases that helm knows, with their charts."""
    listed = json.loads(cluster.helm("list", "-A", "--all", "-o", "json"))
    return {one["name"]: one["chart"] for one in listed if one["status"] == "deployed"}


def called_by_default(cluster):
    found = cluster.get(f"{VALIDATORS}/istiod-default-validator")
    return {one["clientConfig"]["service"]["name"] for one in found["webhooks"]}


def left_of_the_old(cluster):
    """What carries the old revision's label, or what helm has kept of it.

    But for the past ReplicaSets of a gateway that moved where it stands: Kubernetes keeps those.
    """
    for path in WATCHED:
        for one in cluster.list(path):
            labels = one["metadata"].get("labels") or {}
            is_past = path.endswith("/replicasets") and one["spec"]["replicas"] == 0 and (
                one["metadata"].get("namespace") == GATEWAY)
            if labels.get("istio.io/rev") == OLD and not is_past or (
                    labels.get("name") == f"istiod-{OLD}"):
                yield f"{path} {qualified(one)}"
