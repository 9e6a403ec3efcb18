#!/usr/bin/env python3
"""old_operator.py TESTBED FOLDER STAGE: plays the in-cluster Istio operator of one control plane.

The testbed has none. As the real one, it renders its IstioOperators (Big Bang's; those of the Gloo
takeover come with what was rendered), reports them as HEALTHY and, when one is deleted, prunes what
that one owns before it lets go of the finalizer. It is only there while its Deployment has an
available replica: without it a deleted IstioOperator stays for ever.
"""
import sys
import time

TESTBED, FOLDER = sys.argv[1:3]
sys.path.insert(0, TESTBED)

import big_bang  # noqa: E402
from kube import Cluster, KubeError, log  # noqa: E402
from old_mesh import FINALIZER, OPERATOR_SPACE, OWNER  # noqa: E402

RESOURCES = "/apis/install.istio.io/v1alpha1/namespaces/istio-system/istiooperators"
WEBHOOKS = "/apis/admissionregistration.k8s.io/v1"
OWNED = [f"{WEBHOOKS}/mutatingwebhookconfigurations", f"{WEBHOOKS}/validatingwebhookconfigurations",
         "/apis/apps/v1/deployments", "/api/v1/services", "/api/v1/configmaps",
         "/api/v1/serviceaccounts", *(f"/apis/rbac.authorization.k8s.io/v1/{kind}" for kind in (
             "clusterrolebindings", "clusterroles", "rolebindings", "roles"))]
COMPONENTS = {"control-plane": ["Base", "Pilot"], "ingress-gateway": ["IngressGateways"],
              big_bang.RESOURCE: ["Base", "Pilot", "IngressGateways"]}
TICK = 0.5  # seconds between two looks


class OldOperator:
    def __init__(self, cluster):
        self.cluster = cluster

    def run(self):
        while True:
            time.sleep(TICK)
            try:
                self.look()
            except KubeError as error:
                log(error)

    def look(self):
        resources = self.cluster.get(RESOURCES)
        if not resources or not self.is_available():
            return
        for one in resources["items"]:
            if one["metadata"]["name"] not in COMPONENTS:
                continue
            if one["metadata"].get("deletionTimestamp"):
                self.finish(one)
            elif not one.get("status"):
                self.render(one)
                self.report(one)

    def is_available(self):
        path = f"/apis/apps/v1/namespaces/{OPERATOR_SPACE}/deployments/istio-operator"
        found = self.cluster.get(path) or {}
        return found.get("status", {}).get("availableReplicas", 0) > 0

    def render(self, resource):
        if resource["metadata"]["name"] == big_bang.RESOURCE:
            self.cluster.merge(resource, {"metadata": {"finalizers": [FINALIZER]}})
            self.cluster.apply(*big_bang.rendered())

    def report(self, resource):
        healthy = {"status": "HEALTHY"}
        parts = {part: healthy for part in COMPONENTS[resource["metadata"]["name"]]}
        self.cluster.merge(resource, {"status": {**healthy, "componentStatus": parts}}, "/status")

    def finish(self, resource):
        name = resource["metadata"]["name"]
        for kind in OWNED:
            self.prune(kind, name)
        if FINALIZER in resource["metadata"].get("finalizers", []):
            self.cluster.merge(resource, {"metadata": {"finalizers": None}})
        log("gone", name)

    def prune(self, kind, owner):
        query = f"?labelSelector={OWNER.replace('/', '%2F')}%3D{owner}"
        for one in self.cluster.get(kind + query)["items"]:
            meta, (head, plural) = one["metadata"], kind.rsplit("/", 1)
            space = f"/namespaces/{meta['namespace']}" if "namespace" in meta else ""
            self.cluster.request("DELETE", f"{head}{space}/{plural}/{meta['name']}")


if __name__ == "__main__":
    OldOperator(Cluster(FOLDER, "old-operator")).run()
