"""The Gloo takeover: from an unrevisioned Istio of an in-cluster operator to one that Gloo runs."""
import gloo_proofs
import old_mesh
from kubernetes import wait_until
from proofs import INJECTORS
from story import Story


class GlooStory(Story):
    TAKEOVER = "gloo"
    BEFORE = "An unmanaged Istio and its workloads"
    STAND_INS = {"ISTIOD": "1", "GLOO": "1"}
    DAEMONS = ("old_operator.py",)

    def install(self):
        for cluster in self.clusters:
            cluster.apply(old_mesh.control_plane())
        for cluster in self.clusters:
            cluster.settle("Deployment", "istio-system", "istiod")
            wait_until("istiod has claimed its webhooks", lambda: is_claimed(cluster))
            cluster.apply(old_mesh.workloads())
        for cluster in self.clusters:
            for kind, space, name, _ in [*old_mesh.WORKLOADS, old_mesh.UNMESHED]:
                cluster.settle(kind, space, name)
            cluster.settle("Deployment", old_mesh.GATEWAY_SPACE, "istio-ingressgateway")

    def still_old(self, cluster):
        return gloo_proofs.still_old(cluster)

    def taken_over(self, cluster):
        return gloo_proofs.taken_over(cluster, self.management)

    def retired(self, cluster):
        return gloo_proofs.retired(cluster, self.management)

    def watched(self):
        places = [(one, gloo_proofs.WATCHED) for one in self.clusters]
        return [*places, (self.management, gloo_proofs.WATCHED_IN_MANAGEMENT)]


def is_claimed(cluster):
    injector = cluster.get(f"{INJECTORS}/istio-sidecar-injector")
    return all(one["clientConfig"].get("caBundle") for one in injector["webhooks"])
