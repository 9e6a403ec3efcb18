"""What must be true of the clusters, asked of the API servers without Bellwether."""
import old_mesh
from kubernetes import living, proxy_image, qualified, revision

REVISION, VERSION = "1-25", "1.25.3-solo"
IMAGE = f"registry.example.net/istio/proxyv2:{VERSION}"
ADMISSION = "/apis/admissionregistration.k8s.io/v1"
INJECTORS = f"{ADMISSION}/mutatingwebhookconfigurations"
GLOO = "/apis/admin.gloo.solo.io/v2/namespaces/gloo-mesh"
MANAGERS = ("istiolifecyclemanagers/istiod-control-plane",
            "gatewaylifecyclemanagers/istio-ingressgateway")
MESHED = sorted({space for _, space, _, _ in old_mesh.WORKLOADS})

# Everything that a takeover may change but the Lease of its lock, by collection.
WATCHED = [
    "/api/v1/pods", "/api/v1/services", "/api/v1/configmaps", "/api/v1/namespaces",
    "/api/v1/serviceaccounts", "/apis/apps/v1/deployments", "/apis/apps/v1/statefulsets",
    "/apis/apps/v1/daemonsets", "/apis/apps/v1/replicasets", "/apis/policy/v1beta1/"
    "poddisruptionbudgets", "/apis/autoscaling/v1/horizontalpodautoscalers", INJECTORS,
    f"{ADMISSION}/validatingwebhookconfigurations", "/apis/rbac.authorization.k8s.io/v1/"
    "clusterroles", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
    "/apis/install.istio.io/v1alpha1/istiooperators"]
WATCHED_IN_MANAGEMENT = [f"{GLOO}/{manager.split('/')[0]}" for manager in MANAGERS]


def still_old(cluster, _):
    """Before anything has begun."""
    for pod in meshed_pods(cluster):
        yield f"{qualified(pod)} starts on the old revision", revision(pod) == "default"


def taken_over(cluster, management):
    """After the phase `takeover`: users are served by the new revision, the old one stands by."""
    yield from served_by_the_new(cluster, management)
    old = cluster.get(f"{INJECTORS}/istio-sidecar-injector")
    selectors = [one["namespaceSelector"] for one in old["webhooks"]] if old else []
    yield "the old injector is deactivated", bool(selectors) and all(
        "istio.io/deactivated" in one.get("matchLabels", {}) for one in selectors)
    yield "the old control plane still stands by", bool(deployment(cluster, "istio-system/istiod"))


def retired(cluster, management):
    """At the end: nothing is left of the old one, and nothing else is gone."""
    yield from served_by_the_new(cluster, management)
    for path in left_of_the_old(cluster):
        yield f"{path} is gone", False
    for space in ("istio-system", "istio-operator", "ingress", "gm-iop-1-25", *MESHED, "plain"):
        yield f"the namespace {space} is still there", bool(
            cluster.get(f"/api/v1/namespaces/{space}"))
    yield "the test workload is gone", not cluster.get("/api/v1/namespaces/petstore")


def served_by_the_new(cluster, management):
    for pod in meshed_pods(cluster):
        yield (f"{qualified(pod)} is on the new revision",
               revision(pod) == REVISION and proxy_image(pod) == IMAGE)
    for path in MANAGERS:
        yield f"{path} is HEALTHY", state(management, path, cluster.context) == "HEALTHY"
    tag = cluster.get(f"{INJECTORS}/istio-revision-tag-default")
    yield "the tag default leads to it", bool(tag) and (
        tag["metadata"]["labels"]["istio.io/rev"] == REVISION)
    yield "the Service `public` leads to the new gateway alone", front_is_switched(cluster)
    lease = "/apis/coordination.k8s.io/v1/namespaces/default/leases/fleet-istio-migration"
    yield "the lock is released", not cluster.get(lease)


def state(management, path, cluster):
    status = (management.get(f"{GLOO}/{path}") or {}).get("status", {})
    found = status.get("clusters", {}).get(cluster, {}).get("installations", {})
    return found.get(REVISION, {}).get("state")


def meshed_pods(cluster):
    pods = living(cluster.list("/api/v1/pods"))
    return [pod for pod in pods if pod["metadata"]["namespace"] in MESHED]


def front_is_switched(cluster):
    slices = cluster.list(
        "/apis/discovery.k8s.io/v1beta1/namespaces/ingress/endpointslices"
        "?labelSelector=kubernetes.io%2Fservice-name%3Dpublic")
    pods = [one["targetRef"]["name"] for part in slices for one in part.get("endpoints") or []]
    return bool(pods) and all(name.startswith("gloo-ingressgateway-1-25-") for name in pods)


def deployment(cluster, name):
    space, name = name.split("/")
    return cluster.get(f"/apis/apps/v1/namespaces/{space}/deployments/{name}")


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


def versions(clusters, management):
    """Every object that a takeover could change, with the version it has now."""
    seen = {}
    places = [(one, WATCHED) for one in clusters] + [(management, WATCHED_IN_MANAGEMENT)]
    for cluster, paths in places:
        for path in paths:
            for one in cluster.list(path):
                meta = one["metadata"]
                seen[cluster.context, path, qualified(one)] = meta["uid"], meta["resourceVersion"]
    return seen
