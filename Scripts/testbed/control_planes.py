"""A testbed of our own: brought up in a folder of ours, so that another one can be up beside it."""
import os
import pathlib
import socket
import subprocess
import sys

TOOLS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl",
         "helm")
PORTS = range(7640, 8640, 20)  # where to look for as many free ports as we need


class Unavailable(Exception):
    """There is no testbed here, and why; what to do about it."""


class ControlPlanes:
    """mgmt and cluster-1, cluster-2 ..., with the stand-ins that a story asks for."""

    def __init__(self, testbed, stage, workload_clusters, story):
        self.testbed, self.stage, self.story = testbed, stage, story
        self.names = [f"cluster-{i + 1}" for i in range(workload_clusters)]
        self.run = stage / "cache/bellwether-testbed/run"
        self.daemons = []

    def up(self):
        """Starts them; returns the environment in which kubectl finds them."""
        built = built_tools()
        (self.run.parent / "bin").mkdir(parents=True)
        for tool in built.iterdir():
            (self.run.parent / "bin" / tool.name).symlink_to(tool)
        count = len(self.names) + 1
        environment = {**os.environ, **self.story.STAND_INS, **self.own_cache(),
                       "TESTBED_PORT": str(free_ports(count + 10))}
        subprocess.run([self.testbed / "up.sh", str(count)], env=environment, check=True,
                       stdout=subprocess.DEVNULL)
        self.daemons = [self.daemon(script, name)
                        for script in self.story.DAEMONS for name in self.names]

    def own_cache(self):
        return {"XDG_CACHE_HOME": str(self.stage / "cache")}

    def daemon(self, script, name):
        """A stand-in that the testbed lacks, for one cluster."""
        log = open(self.run / name / f"{script}.log", "w")
        command = [sys.executable, pathlib.Path(__file__).with_name(script), self.testbed,
                   self.run / name, self.stage]
        environment = {**os.environ, **without_caches(), **self.own_cache(),
                       "PATH": f"{self.run.parent / 'bin'}:{os.environ['PATH']}",
                       "KUBECONFIG": str(self.run / "kubeconfig"),
                       "KUBECACHEDIR": str(self.run / "discovery")}
        return subprocess.Popen(command, stdout=log, stderr=log, env=environment)

    def daemon_ids(self):
        return " ".join(str(one.pid) for one in self.daemons)

    def down(self):
        for process in self.daemons:
            process.terminate()
            process.wait()
        if self.run.exists():
            subprocess.run([self.testbed / "down.sh"], env={**os.environ, **self.own_cache()})


def without_caches():
    """The testbed may be read-only."""
    return {"PYTHONDONTWRITEBYTECODE": "1"}


def built_tools():
    """The folder that setup.sh fills."""
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    return cache / "bellwether-testbed/bin"


def find(testbed):
    """Makes sure that the testbed is there and can run; sets it up if SETUP=1 asks for that."""
    if not (testbed / "up.sh").exists():
        raise Unavailable(f"no testbed in {testbed}; set TESTBED to a folder with its up.sh")
    if os.geteuid() != 0:
        raise Unavailable("the testbed's stand-in for istiod listens on port 443: run it as root")
    if os.environ.get("SETUP") == "1":
        subprocess.run([testbed / "setup.sh"], check=True)
    missing = [tool for tool in TOOLS if not (built_tools() / tool).exists()]
    if missing:
        raise Unavailable(f"the testbed is not set up ({', '.join(missing)} missing); "
                          f"run {testbed}/setup.sh (minutes; installs Debian packages), "
                          "or set SETUP=1")


def free_ports(count):
    return next(first for first in PORTS
                if all(is_free(port) for port in range(first, first + count)))


def is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
