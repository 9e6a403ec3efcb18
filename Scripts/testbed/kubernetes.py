"""kubectl and helm as a person would use them, to prepare clusters and to look at them after."""
import json
import subprocess
import time

PATIENCE = 240  # seconds for anything to happen; machines may be busy


class Kubernetes:
    """One control plane, by its context."""

    def __init__(self, context, environment):
        self.context, self.environment = context, environment

    def kubectl(self, *arguments, stdin=None):
        return self.command("kubectl", "--context", self.context, *arguments, stdin=stdin)

    def helm(self, *arguments):
        return self.command("helm", "--kube-context", self.context, *arguments)

    def command(self, *words, stdin=None):
        done = subprocess.run(words, text=True, input=stdin, env=self.environment,
                              capture_output=True)
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)}: {done.stderr}")
        return done.stdout

    def apply(self, objects):
        whole = {"apiVersion": "v1", "kind": "List", "items": objects}
        self.kubectl("apply", "-f", "-", stdin=json.dumps(whole))

    def settle(self, kind, space, name):
        self.kubectl("-n", space, "rollout", "status", f"{kind.lower()}/{name}",
                     f"--timeout={PATIENCE}s")

    def list(self, path):
        return json.loads(self.kubectl("get", "--raw", path))["items"]

    def get(self, path):
        """The object at a path, or None where there is none."""
        try:
            return json.loads(self.kubectl("get", "--raw", path))
        except RuntimeError as error:
            if "(NotFound)" in str(error):
                return None
            raise


def wait_until(words, is_true):
    deadline = time.monotonic() + PATIENCE
    while not is_true():
        if time.monotonic() > deadline:
            raise RuntimeError(f"given up waiting until {words}")
        time.sleep(0.5)


def living(pods):
    """Those that run and are not on their way out."""
    return [pod for pod in pods if "deletionTimestamp" not in pod["metadata"]
            and pod["status"].get("phase") not in ("Succeeded", "Failed")]


def proxy_image(pod):
    """The image of a pod's proxy, or None."""
    return next((one["image"] for one in pod["spec"]["containers"] if one["name"] == "istio-proxy"),
                None)


def revision(pod):
    """The revision that injected or rendered a pod's proxy, by its annotations."""
    notes = pod["metadata"].get("annotations") or {}
    status = json.loads(notes.get("sidecar.istio.io/status", "{}"))
    return status.get("revision") or notes.get("istio.io/rev")


def qualified(thing):
    meta = thing["metadata"]
    return f"{meta.get('namespace', '')}/{meta['name']}".lstrip("/")
