"""What must be true of the clusters that Gloo takes over, asked of the API servers."""
import old_mesh
import proofs
from kubernetes import qualified, revision

REVISION, VERSION = "1-25", "1.25.3-solo"
IMAGE = f"registry.example.net/istio/proxyv2:{VERSION}"
GLOO = "/apis/admin.gloo.solo.io/v2/namespaces/gloo-mesh"
MANAGERS = ("istiolifecyclemanagers/istiod-control-plane",
            "gatewaylifecyclemanagers/istio-ingressgateway")
MESHED = sorted({space for _, space, _, _ in old_mesh.WORKLOADS})

WATCHED = [*proofs.WATCHED, "/apis/install.istio.io/v1alpha1/istiooperators"]
WATCHED_IN_MANAGEMENT = [f"{GLOO}/{manager.split('/')[0]}" for manager in MANAGERS]


def still_old(cluster):
    """Before anything has begun."""
    for pod in proofs.pods_in(cluster, MESHED):
        yield f"{qualified(pod)} starts on the old revision", revision(pod) == "default"


def taken_over(cluster, management):
    """After the phase `takeover`: users are served by the new revision, the old one stands by."""
    yield from served_by_the_new(cluster, management)
    old = cluster.get(f"{proofs.INJECTORS}/istio-sidecar-injector")
    selectors = [one["namespaceSelector"] for one in old["webhooks"]] if old else []
    yield "the old injector is deactivated", bool(selectors) and all(
        "istio.io/deactivated" in one.get("matchLabels", {}) for one in selectors)
    yield "the old control plane still stands by", bool(
        proofs.deployment(cluster, "istio-system/istiod"))


def retired(cluster, management):
    """At the end: nothing is left of the old one, and nothing else is gone."""
    yield from served_by_the_new(cluster, management)
    for path in left_of_the_old(cluster):
        yield f"{path} is gone", False
    yield from proofs.spaces_stand(cluster, (
        "istio-system", "istio-operator", "ingress", "gm-iop-1-25", *MESHED, "plain"))
    yield "the test workload is gone", not cluster.get("/api/v1/namespaces/petstore")


def served_by_the_new(cluster, management):
    yield from proofs.on_the_new(proofs.pods_in(cluster, MESHED), REVISION, IMAGE)
    for path in MANAGERS:
        yield f"{path} is HEALTHY", state(management, path, cluster.context) == "HEALTHY"
    yield from proofs.tag_leads_to(cluster, "default", REVISION)
    yield "the Service `public` leads to the new gateway alone", front_is_switched(cluster)
    yield from proofs.unlocked(cluster)


def state(management, path, cluster):
    status = (management.get(f"{GLOO}/{path}") or {}).get("status", {})
    found = status.get("clusters", {}).get(cluster, {}).get("installations", {})
    return found.get(REVISION, {}).get("state")


def front_is_switched(cluster):
    slices = cluster.list(
        "/apis/discovery.k8s.io/v1beta1/namespaces/ingress/endpointslices"
        "?labelSelector=kubernetes.io%2Fservice-name%3Dpublic")
    pods = [one["targetRef"]["name"] for part in slices for one in part.get("endpoints") or []]
    return bool(pods) and all(name.startswith("gloo-ingressgateway-1-25-") for name in pods)


def left_of_the_old(cluster):
    """What carries the old revision's label, or is the old operator or one of its resources."""
    for path in WATCHED:
        for one in cluster.list(path):
            labels = one["metadata"].get("labels") or {}
            old = labels.get("istio.io/rev") == "default" and "istio.io/tag" not in labels
            if old or labels.get("name") == "istio-operator" and is_unmanaged(one):
                yield f"{path} {qualified(one)}"
            elif path.endswith("/istiooperators") and is_unmanaged(one):
                yield f"{path} {qualified(one)}"


def is_unmanaged(thing):
    return not thing["metadata"].get("namespace", "").startswith("gm-iop-")
