"""A lab as scripts see it: its process, its clusters through the real kubectl,
its own log of requests, and what a takeover left of it in the end.
"""

import collections
import json
import os
import pathlib
import subprocess
import time

# A lab of hundreds of clusters settles in less, even on a busy machine.
PATIENCE = 300
# How long reads that outlive their coordinator may take to notice.
READS_END = 40
# The second is a label on what helm keeps of a release.
TIMESTAMPS = ("kubectl.kubernetes.io/restartedAt", "modifiedAt")
# Carries a token of the run.
REQUESTS = "reconcile.fluxcd.io/"
KINDS = {
    "namespaces", "services", "configmaps", "secrets", "leases.coordination.k8s.io",
    "deployments.apps", "statefulsets.apps", "daemonsets.apps", "pods",
    "horizontalpodautoscalers.autoscaling", "poddisruptionbudgets.policy",
    "mutatingwebhookconfigurations.admissionregistration.k8s.io",
    "validatingwebhookconfigurations.admissionregistration.k8s.io",
    "customresourcedefinitions.apiextensions.k8s.io",
}
# Read where the cluster knows them.
CUSTOM_KINDS = {
    "istiooperators.install.istio.io", "istiolifecyclemanagers.admin.gloo.solo.io",
    "gatewaylifecyclemanagers.admin.gloo.solo.io", "helmreleases.helm.toolkit.fluxcd.io",
    "kustomizations.kustomize.toolkit.fluxcd.io", "virtualservices.networking.istio.io",
    "istios.sailoperator.io", "istiorevisions.sailoperator.io",
    "istiorevisiontags.sailoperator.io",
}


class Trouble(Exception):
    """Something the script needs did not work; says what, for a person."""


class Lab:
    """One lab, in a directory named `lab` inside the one given."""

    def __init__(self, bellwether, directory):
        self.bellwether = str(bellwether)
        self.directory = pathlib.Path(directory)
        self.project = self.directory / "lab"

    def up(self, *, clusters, management, speed, seed, kind="gloo"):
        self.directory.mkdir(mode=0o700, parents=True)
        self.command(
            "lab", "up", "--directory", "lab", "--clusters", str(clusters),
            "--management", str(management), "--speed", str(speed), "--seed", str(seed),
            "--kind", kind)

    def down(self):
        self.command("lab", "down", "--directory", "lab")

    @property
    def pid(self):
        return json.loads((self.project / "lab.json").read_text())["pid"]

    def status(self):
        return json.loads(self.command("lab", "status", "--directory", "lab", "--format", "json"))

    def requests(self):
        """Every request the lab has answered, in order."""
        with open(self.project / "requests.jsonl", encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    def command(self, *arguments):
        """What bellwether prints on stdout; Trouble when it fails."""
        return self._output([self.bellwether, *arguments])

    def objects(self, cluster, kinds):
        """Every object of these kinds, through kubectl."""
        arguments = ["get", ",".join(sorted(kinds)), "-A", "-o", "json"]
        return json.loads(self.kubectl(cluster, *arguments))["items"]

    def kubectl(self, cluster, *arguments):
        return self._output([
            "kubectl", "--kubeconfig", str(self.project / "kubeconfig"), "--context", cluster,
            "--cache-dir", str(self.directory / "kubectl-cache"), "--request-timeout=30s",
            *arguments])

    def _output(self, argv):
        result = subprocess.run(
            argv, cwd=self.directory, capture_output=True, text=True, timeout=PATIENCE,
            stdin=subprocess.DEVNULL, check=False)
        if result.returncode != 0:
            said = (result.stderr or result.stdout).strip()
            raise Trouble(f"`{' '.join(argv)}` exited with {result.returncode}: {said}")
        return result.stdout


def takeover_effects(requests):
    """How often kubectl changed each object: {(cluster, method, object): count}.

    A request that changed nothing is no effect: the API server answers a label
    that is there already, or a conflict, without a new resourceVersion.
    """
    return collections.Counter(
        (request["cluster"], request["method"], request.get("object") or request["target"])
        for request in requests
        if request["mutated"] and request["userAgent"].startswith("kubectl/"))


def processes_left(lab):
    """What runs on for this lab besides the lab, as (pid, command line).

    Reads are nobody's durable jobs: those of a dead coordinator end by themselves.
    """
    deadline = time.monotonic() + READS_END
    left = lab_processes(lab)
    while left and time.monotonic() < deadline:
        time.sleep(0.2)
        left = lab_processes(lab)
    return left


def lab_processes(lab):
    left = []
    for directory in pathlib.Path("/proc").glob("[0-9]*"):
        pid = int(directory.name)
        if pid in (lab.pid, os.getpid()):
            continue
        try:
            words = (directory / "cmdline").read_bytes().replace(b"\0", b" ").decode(
                errors="replace")
            environment = (directory / "environ").read_bytes().decode(errors="replace")
        except OSError:
            # It has ended since, or it is another user's.
            continue
        if str(lab.project) in words or str(lab.project) in environment:
            left.append((pid, words.strip()))
    return left


# What a takeover leaves


def end_state(lab):
    """What there is, without what differs from run to run by nature: names made
    up by controllers, uids, addresses, and times.

    {"edge-01 deployments shop/web": {...}}, and the lab's own word beside it.
    """
    state = {}
    for cluster in lab.status()["clusters"]:
        name = cluster["name"]
        # Moves with every write, of whomever.
        state[f"{name} lab status"] = without(cluster, "resourceVersion")
        state.update({f"{name} {key}": value for key, value in cluster_state(lab, name)})
    return state


def settled_end_state(lab, expected=None, patience=60):
    """The end state, once it has stopped moving; if another was expected, only
    after that has been given the time to come about.
    """
    deadline = time.monotonic() + patience
    latest = end_state(lab)
    while time.monotonic() < deadline:
        time.sleep(0.5)
        earlier, latest = latest, end_state(lab)
        if latest == (earlier if expected is None else expected):
            break
    return latest


def state_differences(expected, actual):
    for key in sorted(expected.keys() | actual.keys()):
        if key not in actual:
            yield f"{key} is not there"
        elif key not in expected:
            yield f"{key} is there, and was not after the undisturbed run"
        elif expected[key] != actual[key]:
            yield f"{key}: {parts_that_differ(expected[key], actual[key])}"


def parts_that_differ(expected, actual):
    if not (isinstance(expected, dict) and isinstance(actual, dict)):
        return f"{json.dumps(actual)} instead of {json.dumps(expected)}"
    return ", ".join(
        f"{key} {parts_that_differ(expected.get(key), actual.get(key))}"
        for key in sorted(expected.keys() | actual.keys())
        if expected.get(key) != actual.get(key))


def cluster_state(lab, cluster):
    standing = lab.objects(cluster, KINDS)
    names = {item["metadata"]["name"] for item in standing}
    custom = CUSTOM_KINDS & names
    if custom:
        standing += lab.objects(cluster, custom)
    pods = [item for item in standing if item["kind"] == "Pod"]
    for item in standing:
        if item["kind"] != "Pod":
            yield title(item), described(item)
    for owner, group in grouped(pods).items():
        yield f"pods of {owner}", sorted(map(pod_state, group), key=json.dumps)


def title(item):
    metadata = item["metadata"]
    place = f"{metadata['namespace']}/" if "namespace" in metadata else ""
    return f"{item['kind']} {place}{metadata['name']}"


def described(item):
    metadata = item["metadata"]
    return {
        "labels": timeless(metadata.get("labels", {})),
        "annotations": timeless(metadata.get("annotations", {})),
        "generation": metadata.get("generation"),
        "isGoing": "deletionTimestamp" in metadata,
        **DESCRIPTIONS.get(item["kind"], lambda _: {})(item),
    }


def workload(item):
    template = item["spec"]["template"]
    return {
        "annotations of pods": timeless(template["metadata"].get("annotations", {})),
        "labels of pods": template["metadata"].get("labels", {}),
        "images": images(template["spec"]),
        "replicas": item["spec"].get("replicas"),
        "ready": item["status"].get("readyReplicas", item["status"].get("numberReady", 0)),
    }


def webhooks(item):
    kept = ("name", "failurePolicy", "namespaceSelector", "objectSelector")
    return {
        "webhooks": [
            {
                **{key: hook.get(key) for key in kept},
                "service": hook.get("clientConfig", {}).get("service"),
            }
            for hook in item.get("webhooks", [])
        ]
    }


def lifecycle(item):
    """A lifecycle manager's specification. Clusters of a wave are added by
    whichever comes first, so their order tells nothing.
    """
    specification = json.loads(json.dumps(item["spec"]))
    for installation in specification.get("installations", []):
        installation.get("clusters", []).sort(key=lambda cluster: cluster["name"])
    return {"spec": specification, "status": item.get("status", {}).get("clusters")}


DESCRIPTIONS = {
    "Deployment": workload,
    "StatefulSet": workload,
    "DaemonSet": workload,
    "MutatingWebhookConfiguration": webhooks,
    "ValidatingWebhookConfiguration": webhooks,
    "IstioLifecycleManager": lifecycle,
    "GatewayLifecycleManager": lifecycle,
    "IstioOperator": lambda item: {"spec": item.get("spec")},
    "HelmRelease": lambda item: {
        "spec": item.get("spec"),
        "history": [
            (each["version"], each["chartVersion"], each["status"])
            for each in item.get("status", {}).get("history", [])
        ]},
    "Kustomization": lambda item: {"spec": item.get("spec")},
    "VirtualService": lambda item: {"spec": item.get("spec")},
    "Namespace": lambda item: {"phase": item["status"]["phase"]},
    "Lease": lambda item: {"holder": item.get("spec", {}).get("holderIdentity")},
    "Service": lambda item: {
        "selector": item["spec"].get("selector"), "type": item["spec"].get("type")},
    "ConfigMap": lambda item: {"keys": sorted(item.get("data", {}))},
    "Secret": lambda item: {"keys": sorted(item.get("data", {}))},
}


def grouped(pods):
    """Pods by what keeps them; a Deployment's across its ReplicaSets."""
    groups = collections.defaultdict(list)
    for pod in pods:
        metadata = pod["metadata"]
        owner = next(
            (owner for owner in metadata.get("ownerReferences", []) if owner.get("controller")),
            {"kind": "nobody", "name": metadata["name"]})
        template = metadata.get("labels", {}).get("pod-template-hash")
        name = owner["name"].removesuffix(f"-{template}") if template else owner["name"]
        groups[f"{owner['kind']} {metadata['namespace']}/{name}"].append(pod)
    return groups


def pod_state(pod):
    status = pod["status"]
    return {
        "images": images(pod["spec"]),
        "revision": pod["metadata"].get("annotations", {}).get("istio.io/rev"),
        "restarted": "kubectl.kubernetes.io/restartedAt"
        in pod["metadata"].get("annotations", {}),
        "phase": status.get("phase"),
        "isGoing": "deletionTimestamp" in pod["metadata"],
        "restarts": sum(each["restartCount"] for each in status.get("containerStatuses", [])),
        "ready": [each["ready"] for each in status.get("containerStatuses", [])],
    }


def images(specification):
    containers = specification.get("initContainers", []) + specification["containers"]
    return [f"{container['name']}: {container['image']}" for container in containers]


def timeless(marks):
    return {
        key: "a time" if key in TIMESTAMPS or key.startswith(REQUESTS) else value
        for key, value in marks.items()}


def without(document, *keys):
    return {key: value for key, value in document.items() if key not in keys}
