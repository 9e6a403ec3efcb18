"""A takeover on one testbed, from what stands there before it to a second run of it."""
import os
import pathlib
import shutil
import subprocess
import time

import control_planes
import proofs
from kubernetes import Kubernetes

COMPLETED, WAITING = 0, 4  # what bellwether exits with
PROJECT = pathlib.Path(__file__).with_name("project")


class Story:
    """What the takeovers have in common. One of a kind says what its own is like."""

    TAKEOVER = ""  # by its name in the project
    BEFORE = ""  # what install() makes, in words
    STAND_INS = {}  # for the testbed's up.sh
    DAEMONS = ()  # scripts here that play what the testbed lacks, on each workload cluster

    def __init__(self, stage, planes, bellwether):
        self.stage, self.planes, self.binary = stage, planes, bellwether
        self.environment = self.surroundings()
        self.management = Kubernetes("mgmt", self.environment)
        self.clusters = [Kubernetes(name, self.environment) for name in planes.names]
        self.checked = self.failed = 0

    # Its own, for each kind.

    def install(self):
        """Everything that stands on the clusters before the takeover."""
        raise NotImplementedError

    def still_old(self, cluster):
        """Before anything has begun. Yields words, and whether they are true."""
        raise NotImplementedError

    def taken_over(self, cluster):
        """After the phase `takeover`: the new revision serves, the old one stands by."""
        raise NotImplementedError

    def retired(self, cluster):
        """At the end: nothing is left of the old one, and nothing else is gone."""
        raise NotImplementedError

    def watched(self):
        """What may not change when the takeover is run again: clusters, and collections."""
        raise NotImplementedError

    # What is told of all.

    def run(self):
        self.say(f"{self.BEFORE}, on real API servers")
        self.write_project()
        self.install()
        self.prove(self.still_old)
        before = self.pods_beside_the_mesh()

        self.say("The takeover, as far as the approval that its removals need")
        run = self.start()
        self.prove(self.taken_over)

        self.say("Approved: the old revision goes")
        self.finish(run)
        self.prove(self.retired)
        self.check("pods beside the mesh were left alone",
                   bool(before) and before == self.pods_beside_the_mesh())

        self.say("The same takeover once more: nothing is to be done")
        self.repeat()
        self.prove(self.retired)
        self.say(f"{self.failed} of {self.checked} checks failed" if self.failed
                 else f"All {self.checked} checks passed.")
        return 1 if self.failed else 0

    def surroundings(self):
        tools, built = self.stage / "bin", control_planes.built_tools()
        tools.mkdir()
        kubectl = os.environ.get("KUBECTL") or built / "kubectl"
        (tools / "kubectl").symlink_to(pathlib.Path(kubectl).resolve())
        (tools / "helm").symlink_to(built / "helm")
        helms = {f"HELM_{what}_HOME": str(self.stage / "helm" / what.lower())
                 for what in ("CACHE", "CONFIG", "DATA")}
        return {**os.environ, **helms, "PATH": f"{tools}:{os.environ['PATH']}",
                "KUBECONFIG": str(self.planes.run / "kubeconfig"),
                "KUBECACHEDIR": str(self.stage / "discovery")}

    def write_project(self):
        shutil.copytree(PROJECT, self.stage / "project")
        entries = "".join(f"  - {{name: {name}, management: mgmt}}\n" for name in self.planes.names)
        inventory = self.stage / "project/Inventory/testbed.yaml"
        inventory.parent.mkdir()
        inventory.write_text(f"defaults: {{kubeconfig: {self.planes.run}/kubeconfig}}\n"
                             f"management:\n  - name: mgmt\nclusters:\n{entries}")

    def start(self):
        """Plans, and runs up to the approval; returns the run's id."""
        self.bellwether("plan", self.TAKEOVER, "--policy", "testbed")
        self.bellwether("run", self.TAKEOVER, "--policy", "testbed", expecting=WAITING)
        return self.bellwether("status", "--quiet").split()[0]  # the newest comes first

    def finish(self, run):
        self.bellwether("approve", run)
        self.bellwether("resume", run, expecting=COMPLETED)

    def repeat(self):
        before = self.settled_versions()
        self.finish(self.start())
        after = proofs.versions(self.watched())
        changed = sorted(key for key in before.keys() | after.keys()
                         if before.get(key) != after.get(key))
        for key in changed:
            self.check(f"{' '.join(key)} is as it was", False)
        self.check(f"{len(before)} objects are as they were", not changed)

    def settled_versions(self):
        """Looks until two looks agree: the stand-ins may have something left to do."""
        last = proofs.versions(self.watched())
        while True:
            time.sleep(3)
            now = proofs.versions(self.watched())
            if now == last:
                return now
            last = now

    def pods_beside_the_mesh(self):
        return [pod["metadata"]["uid"] for cluster in self.clusters
                for pod in cluster.list("/api/v1/namespaces/plain/pods")]

    def bellwether(self, *arguments, expecting=COMPLETED):
        """Runs it in the stage: charts are looked for there."""
        print(f"$ bellwether {' '.join(arguments)}", flush=True)
        done = subprocess.run([self.binary, *arguments, "--project", self.stage / "project"],
                              env=self.environment, cwd=self.stage, text=True,
                              stdout=subprocess.PIPE)
        print(done.stdout, flush=True)
        if done.returncode != expecting:
            raise SystemExit(f"error: it exited with {done.returncode} instead of {expecting}")
        return done.stdout

    def prove(self, proof):
        for cluster in self.clusters:
            for words, is_true in proof(cluster):
                self.check(f"{cluster.context}: {words}", is_true)

    def check(self, words, is_true):
        self.checked += 1
        self.failed += not is_true
        if not is_true or os.environ.get("VERBOSE"):
            print(f"{'ok    ' if is_true else 'FAILED'}  {words}", flush=True)

    def say(self, words):
        print(f"\n--- {self.TAKEOVER}: {words}", flush=True)
