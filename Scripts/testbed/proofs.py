"""What every takeover's end is asked about: the API servers' objects, without Bellwether."""
from kubernetes import living, proxy_image, qualified, revision

ADMISSION = "/apis/admissionregistration.k8s.io/v1"
INJECTORS = f"{ADMISSION}/mutatingwebhookconfigurations"
VALIDATORS = f"{ADMISSION}/validatingwebhookconfigurations"
LEASE = "/apis/coordination.k8s.io/v1/namespaces/default/leases/fleet-istio-migration"
RBAC = "/apis/rbac.authorization.k8s.io/v1"

# Everything that any takeover may change but the Lease of its lock, by collection.
WATCHED = [
    "/api/v1/pods", "/api/v1/services", "/api/v1/configmaps", "/api/v1/namespaces",
    "/api/v1/serviceaccounts", "/apis/apps/v1/deployments", "/apis/apps/v1/statefulsets",
    "/apis/apps/v1/daemonsets", "/apis/apps/v1/replicasets", "/apis/policy/v1beta1/"
    "poddisruptionbudgets", "/apis/autoscaling/v1/horizontalpodautoscalers", INJECTORS,
    VALIDATORS, f"{RBAC}/clusterroles", f"{RBAC}/clusterrolebindings"]


def on_the_new(pods, name, image):
    """That every one of the pods has the proxy of that revision."""
    for pod in pods:
        yield (f"{qualified(pod)} is on the new revision",
               revision(pod) == name and proxy_image(pod) == image)


def tag_leads_to(cluster, tag, name):
    """The label says so, and so does the istiod that is called."""
    found = cluster.get(f"{INJECTORS}/istio-revision-tag-{tag}")
    called = {one["clientConfig"]["service"]["name"] for one in found["webhooks"]} if found else {}
    yield f"the tag {tag} leads to it", bool(found) and called == {f"istiod-{name}"} and (
        found["metadata"]["labels"]["istio.io/rev"] == name)


def unlocked(cluster):
    yield "the lock is released", not cluster.get(LEASE)


def spaces_stand(cluster, spaces):
    for space in spaces:
        yield f"the namespace {space} is still there", bool(
            cluster.get(f"/api/v1/namespaces/{space}"))


def pods_in(cluster, spaces):
    return [pod for pod in living(cluster.list("/api/v1/pods"))
            if pod["metadata"]["namespace"] in spaces]


def deployment(cluster, name):
    space, name = name.split("/")
    return cluster.get(f"/apis/apps/v1/namespaces/{space}/deployments/{name}")


def versions(places):
    """Every object of some clusters' collections, with the version it has now."""
    seen = {}
    for cluster, paths in places:
        for path in paths:
            for one in cluster.list(path):
                meta = one["metadata"]
                seen[cluster.context, path, qualified(one)] = meta["uid"], meta["resourceVersion"]
    return seen
