#!/usr/bin/env python3
"""flux_with_helm.py TESTBED FOLDER STAGE: plays Flux in one cluster, with the real helm.

The testbed's Flux renders nothing. Here every HelmRelease is a release of the real helm, of the
chart with its name below STAGE/charts: installed, upgraded when its values have changed or by
force, and uninstalled. As helm-controller from 1.2.0 on does, it takes over what others made.
"""
import hashlib
import json
import subprocess
import sys
import threading
import time

TESTBED, FOLDER, STAGE = sys.argv[1:4]
sys.path.append(TESTBED)

import fakeflux  # noqa: E402
from kube import Cluster, KubeError, Mirror, log, now  # noqa: E402

DELAY = 1  # seconds for a reconciliation, without helm's own
PATIENCE = "60s"


class HelmReleases(fakeflux.Controller):
    """One after the other, each with the real helm."""

    def __init__(self, *given):
        super().__init__(*given)
        self.digests, self.forced = {}, {}  # by uid: what was last brought into effect, and asked
        self.is_new = False  # whether the release at hand has a new revision

    def run(self):
        while True:
            time.sleep(0.2)
            for one in self.seen[self.kind]:
                try:
                    self.reconcile(one)
                except (KubeError, subprocess.CalledProcessError) as error:
                    self.complain(one, error)

    def complain(self, one, error):
        """It is tried again, since nothing has been noted as ended."""
        words = getattr(error, "stderr", None) or str(error)
        log(one["metadata"]["name"], words)
        if isinstance(error, subprocess.CalledProcessError):
            time.sleep(2)

    def begin(self, one):
        """What had ended has to be gone through once more: a dependency may only have blinked."""
        self.ended.pop(one["metadata"]["uid"], None)
        super().begin(one)

    def install(self, one):
        values, uid = json.dumps(self.values(one)), one["metadata"]["uid"]
        digest = hashlib.sha256(values.encode()).hexdigest()
        force = fakeflux.request(one, "forceAt")
        self.is_new = (digest, force) != (self.digests.get(uid), self.forced.get(uid))
        if not self.is_new:
            return
        space, name = release(one)
        helm("upgrade", "--install", name, chart(one), "-n", space, "-f", "-", "--take-ownership",
             "--wait", "--timeout", PATIENCE, stdin=values)
        self.digests[uid], self.forced[uid] = digest, force

    def history(self, one):
        old = one.get("status", {}).get("history") or []
        if old and not self.is_new:
            return old
        space, name = release(one)
        with open(f"{chart(one)}/Chart.yaml") as file:
            about = json.load(file)
        made = {"name": name, "namespace": space, "status": "deployed", "lastDeployed": now(),
                "version": old[0]["version"] + 1 if old else 1, "chartName": about["name"],
                "chartVersion": about["version"], "appVersion": about["appVersion"]}
        return [made, *({**past, "status": "superseded"} for past in old[:4])]

    def uninstall(self, one, fault):
        space, name = release(one)
        helm("uninstall", name, "-n", space, "--ignore-not-found", "--wait", "--timeout", PATIENCE)
        self.cluster.merge(one, {"metadata": {"finalizers": None}})

    def values(self, one):
        """Later sources are laid over earlier ones."""
        whole = {}
        for source in one["spec"].get("valuesFrom") or []:
            space = one["metadata"]["namespace"]
            found = self.cluster.get(f"/api/v1/namespaces/{space}/configmaps/{source['name']}")
            lay(json.loads(found["data"][source.get("valuesKey", "values.yaml")]), whole)
        return whole


def lay(upper, lower):
    for key, value in upper.items():
        if isinstance(value, dict) and isinstance(lower.get(key), dict):
            lay(value, lower[key])
        else:
            lower[key] = value


def release(one):
    """The namespace and the name that helm knows it by."""
    spec, name = one["spec"], one["metadata"]["name"]
    space = spec.get("targetNamespace", one["metadata"]["namespace"])
    return space, spec.get("releaseName") or f"{space}-{name}"


def chart(one):
    return f"{STAGE}/charts/bigbang/{one['metadata']['name']}"


def helm(*words, stdin=None):
    subprocess.run(["helm", "--kube-context", FOLDER.rstrip("/").rsplit("/", 1)[1], *words],
                   input=stdin, text=True, check=True, capture_output=True)
    log("helm", *words)


def main():
    cluster = Cluster(FOLDER, "fakeflux")
    seen = Mirror(cluster, **{kind: f"/apis/{path}" for kind, path in fakeflux.KINDS.items()})
    for kind in fakeflux.KINDS:
        player = HelmReleases if kind == "HelmRelease" else fakeflux.Controller
        threading.Thread(target=player(cluster, seen, kind, DELAY).run, daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
