"""The runbook `bigbang`: from the packages of the Istio Operator to those of Helm."""
import json

import big_bang
import istio  # of the testbed
import lab_charts
import old_mesh
import proofs
from kubernetes import proxy_image, qualified, wait_until
from story import Story
from workloads import schedule, workload

OLD_IMAGE = f"{big_bang.HUB}/proxyv2:{big_bang.OLD_VERSION}"
NEW_IMAGE = f"{big_bang.HUB}/proxyv2:{big_bang.NEW_VERSION}"
MESHED = sorted({space for _, space, _, _ in old_mesh.WORKLOADS})
RELEASES = f"/apis/helm.toolkit.fluxcd.io/v2/namespaces/{big_bang.SPACE}/helmreleases"
KUSTOMIZATION = (f"/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/{big_bang.SPACE}"
                 "/kustomizations/environment")
ROUTES = "/apis/networking.istio.io/v1beta1/virtualservices"
DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"

# But for the HelmReleases themselves: every run asks Flux to look at them, by an annotation.
WATCHED = [*proofs.WATCHED, f"{proofs.RBAC}/roles", f"{proofs.RBAC}/rolebindings",
           "/api/v1/secrets", DEFINITIONS, ROUTES]


class BigBangStory(Story):
    TAKEOVER = "bigbang"
    BEFORE = "Big Bang with the Istio Operator"
    STAND_INS = {"ISTIOD": "1"}
    DAEMONS = ("old_operator.py", "flux_with_helm.py")

    def __init__(self, *given):
        super().__init__(*given)
        self.fronts = {}  # each cluster's address of the old gateway

    def install(self):
        charts, first = self.stage / "charts", self.clusters[0]
        lab_charts.write(self.binary, charts, [big_bang.NEW_VERSION], first)
        big_bang.write_charts(charts / "bigbang", lab_charts.definitions(
            charts / big_bang.NEW_VERSION / "base"))
        for cluster in self.clusters:
            cluster.kubectl("apply", "-f", str(self.planes.testbed / "crds/flux.yaml"))
            cluster.kubectl("wait", "--for=condition=Established", "crd", "--all")
            spaces = [istio.namespace(one) for one in ("flux-system", big_bang.SPACE)]
            cluster.apply([*spaces, big_bang.controller(),
                           *big_bang.environment(json.dumps(big_bang.VALUES))])
        for cluster in self.clusters:
            wait_until("Big Bang is ready", lambda: releases(cluster) == {
                "bigbang": "True", "istio-operator": "True", "istio": "True"})
            wait_until("the old istiod runs", lambda: is_available(cluster, "istiod"))
            wait_until("istiod has claimed its webhooks", lambda: is_claimed(cluster))
            wait_until("the old gateway has an address", lambda: front(cluster, istio.SPACE))
            self.fronts[cluster.context] = front(cluster, istio.SPACE)
            cluster.apply(workloads())
        for cluster in self.clusters:
            for kind, space, name, _ in [*old_mesh.WORKLOADS, old_mesh.UNMESHED]:
                cluster.settle(kind, space, name)

    def still_old(self, cluster):
        for pod in proofs.pods_in(cluster, MESHED):
            yield f"{qualified(pod)} starts on the old proxy", proxy_image(pod) == OLD_IMAGE

    def taken_over(self, cluster):
        """The old one has gone by now: it made room for the new one."""
        pods = proofs.pods_in(cluster, [*MESHED, big_bang.GATEWAY_SPACE])
        yield "there are pods in the mesh", len(pods) > len(old_mesh.WORKLOADS)
        yield from proofs.on_the_new(pods, "default", NEW_IMAGE)
        yield "Big Bang has the new packages alone, and all are ready", releases(cluster) == {
            "bigbang": "True", "istio-crds": "True", "istiod": "True", big_bang.GATEWAY: "True"}
        for path in left_of_the_old(cluster):
            yield f"{path} is gone", False
        yield "the namespace of the operator is gone", not cluster.get(
            f"/api/v1/namespaces/{big_bang.OPERATOR_SPACE}")
        yield "istiod is available", is_available(cluster, "istiod")
        yield "the new gateway has an address", bool(front(cluster, big_bang.GATEWAY_SPACE))
        yield "git waits until the new values are in it", cluster.get(
            KUSTOMIZATION)["spec"].get("suspend") is True
        yield "the routes name the old gateway and the new one", all(
            set(one["spec"]["gateways"]) == {
                f"{istio.SPACE}/public", f"{big_bang.GATEWAY_SPACE}/{big_bang.GATEWAY}"}
            for one in cluster.list(ROUTES))
        yield "the addresses are told, the old one and the new one", self.are_told(cluster)
        yield from proofs.unlocked(cluster)

    def retired(self, cluster):
        yield from self.taken_over(cluster)
        yield from proofs.spaces_stand(cluster, (
            istio.SPACE, big_bang.GATEWAY_SPACE, big_bang.SPACE, *MESHED, "plain"))

    def are_told(self, cluster):
        told = cluster.get(f"/api/v1/namespaces/{big_bang.SPACE}/configmaps/"
                           "fleet-istio-migration-dns")
        text = json.dumps((told or {}).get("data", {}))
        addresses = (self.fronts[cluster.context], front(cluster, big_bang.GATEWAY_SPACE))
        return all(one and one in text for one in addresses)

    def watched(self):
        return [(one, WATCHED) for one in self.clusters]


def workloads():
    spaces = [istio.namespace(one, **{"istio-injection": "enabled"}) for one in MESHED]
    return [*spaces, istio.namespace(old_mesh.UNMESHED[1]), schedule(),
            *(workload(*one) for one in [*old_mesh.WORKLOADS, old_mesh.UNMESHED]),
            *(big_bang.virtual_service(name, "shop") for name in ("web", "api"))]


def releases(cluster):
    """The HelmReleases, and whether they are ready."""
    return {one["metadata"]["name"]: next(
        (flag["status"] for flag in one.get("status", {}).get("conditions", [])
         if flag["type"] == "Ready"), None) for one in cluster.list(RELEASES)}


def is_available(cluster, name):
    found = proofs.deployment(cluster, f"{istio.SPACE}/{name}")
    return bool(found) and found.get("status", {}).get("availableReplicas", 0) > 0


def is_claimed(cluster):
    found = cluster.get(f"{proofs.INJECTORS}/istio-sidecar-injector")
    return bool(found) and all(one["clientConfig"].get("caBundle") for one in found["webhooks"])


def front(cluster, space):
    """The address of a gateway's Service."""
    found = cluster.get(f"/api/v1/namespaces/{space}/services/{big_bang.GATEWAY}")
    given = (found or {}).get("status", {}).get("loadBalancer", {}).get("ingress") or [{}]
    return given[0].get("ip")


def left_of_the_old(cluster):
    """What says that it is the operator's, and the operator's own resource."""
    for path in [*proofs.WATCHED, "/apis/install.istio.io/v1alpha1/istiooperators"]:
        for one in cluster.list(path):
            labels = one["metadata"].get("labels") or {}
            if old_mesh.OWNER in labels or path.endswith("/istiooperators"):
                yield f"{path} {qualified(one)}"
