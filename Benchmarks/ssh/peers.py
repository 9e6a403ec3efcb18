"""Runs a line many times with another SSH client, as `run` beside this asks for.

    peers.py PEER name=value...

The options are those of floor.c, and so is the answer. Exits 3 when the peer isn't
installed. Programs are told of as many hosts as they want lines, each a name of one of
the hosts; their figures hold their own start and their connections, for they can't do
without.
"""

import asyncio
import os
import re
import resource
import shutil
import subprocess
import sys
import threading
import time


def processor(who=resource.RUSAGE_SELF):
    use = resource.getrusage(who)
    return use.ru_utime + use.ru_stime


def answer(ok, seconds, used, connected):
    print(f"ok={ok} seconds={seconds:.4f} processor={used:.4f} connected={connected:.4f}")


class Options:
    def __init__(self, words):
        values = dict(word.split("=", 1) for word in words)
        self.hosts = values["hosts"].split(",")
        self.port = int(values["port"])
        self.user, self.key = values["user"], values["key"]
        self.connections = int(values.get("connections", 1))
        self.inflight = int(values.get("inflight", 8))
        self.lines = int(values.get("lines", 2000))
        self.line = values.get("line", "true")
        # Where each connection goes.
        self.ends = [host for host in self.hosts for _ in range(self.connections)]
        self.share = self.lines // (len(self.ends) * self.inflight)


async def run_asyncssh(options):
    import asyncssh

    begun = time.monotonic()
    connections = [
        await asyncssh.connect(
            host, options.port, username=options.user, client_keys=[options.key],
            known_hosts=None, agent_path=None)
        for host in options.ends]
    first, used = time.monotonic(), processor()

    async def caller(connection):
        done = 0
        for _ in range(options.share):
            done += (await connection.run(options.line)).exit_status == 0
        return done

    ok = sum(await asyncio.gather(
        *(caller(each) for each in connections for _ in range(options.inflight))))
    answer(ok, time.monotonic() - first, processor() - used, first - begun)
    for connection in connections:
        connection.close()


def in_threads(options, ends, run):
    """Calls run(end) for each line from as many threads as are in flight."""
    ok, lock = [0], threading.Lock()

    def caller(end):
        for _ in range(options.share):
            try:
                done = run(end)
            except Exception:
                done = False
            with lock:
                ok[0] += done

    threads = [
        threading.Thread(target=caller, args=(end,))
        for end in ends for _ in range(options.inflight)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ok[0]


def paramiko(options):
    import paramiko as library

    begun, clients = time.monotonic(), []
    for host in options.ends:
        client = library.SSHClient()
        client.set_missing_host_key_policy(library.AutoAddPolicy())
        client.connect(
            host, options.port, options.user, key_filename=options.key, allow_agent=False,
            look_for_keys=False)
        clients.append(client)
    first, used = time.monotonic(), processor()

    def run(client):
        _, out, _ = client.exec_command(options.line)
        out.read()
        return out.channel.recv_exit_status() == 0

    ok = in_threads(options, clients, run)
    answer(ok, time.monotonic() - first, processor() - used, first - begun)
    os._exit(0)


def parallel_ssh(options):
    from pssh.clients import ParallelSSHClient

    # One command at a time on a connection is all it does, so it has one for each.
    hosts = [host for host in options.ends for _ in range(options.inflight)]
    client = ParallelSSHClient(
        hosts, user=options.user, port=options.port, pkey=options.key, allow_agent=False,
        pool_size=len(hosts))

    def once():
        outputs = client.run_command(options.line)
        client.join(outputs)
        return sum(output.exit_code == 0 for output in outputs)

    begun = time.monotonic()
    once()
    first, used = time.monotonic(), processor()
    ok = sum(once() for _ in range(options.share))
    answer(ok, time.monotonic() - first, processor() - used, first - begun)


class Aliases:
    """A configuration of ssh's with a name for each line."""

    def __init__(self, options):
        self.names = [f"bw{number}" for number in range(options.lines)]
        self.directory = os.environ["STAGE"]
        self.path = f"{self.directory}/aliases"
        with open(self.path, "w") as file:
            for number, name in enumerate(self.names):
                print(f"Host {name}\n HostName {options.hosts[number % len(options.hosts)]}",
                      file=file)
            print(f"Host *\n Port {options.port}\n User {options.user}\n"
                  f" IdentityFile {options.key}\n IdentitiesOnly yes\n"
                  " StrictHostKeyChecking no\n UserKnownHostsFile /dev/null\n LogLevel ERROR",
                  file=file)


def program(arguments, pattern, environment=None):
    """Runs a program and counts what its output has of a pattern."""
    if shutil.which(arguments[0]) is None:
        sys.exit(3)
    used, begun = processor(resource.RUSAGE_CHILDREN), time.monotonic()
    said = subprocess.run(
        arguments, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        env={**os.environ, **(environment or {})})
    ok = len(re.findall(pattern, said.stdout + said.stderr, re.M))
    answer(ok, time.monotonic() - begun, processor(resource.RUSAGE_CHILDREN) - used, 0)


def clush(options):
    aliases = Aliases(options)
    program(
        ["clush", "-o", f"-F {aliases.path}", "-f", "32", "-w", ",".join(aliases.names),
         "echo done"], r": done$")


def ansible(options):
    aliases = Aliases(options)
    inventory = f"{aliases.directory}/ansible-hosts"
    with open(inventory, "w") as file:
        print("\n".join(aliases.names), file=file)
    program(
        ["ansible", "all", "-i", inventory, "-f", "32", "-o", "-m", "raw", "-a", "true",
         "--ssh-common-args", f"-F {aliases.path} -o ControlMaster=no"], r"rc=0",
        {"ANSIBLE_HOST_KEY_CHECKING": "False", "ANSIBLE_HOME": aliases.directory,
         "ANSIBLE_PIPELINING": "True"})


def pyinfra(options):
    aliases = Aliases(options)
    inventory = f"{aliases.directory}/inventory.py"
    with open(inventory, "w") as file:
        print(f"hosts = {aliases.names!r}", file=file)
    program(
        ["pyinfra", "-y", "--parallel", "32", inventory,
         "--data", f"ssh_config_file={aliases.path}",
         "--data", "ssh_strict_host_key_checking=no", "--data", "ssh_known_hosts_file=/dev/null",
         "exec", "--", "echo", "done"], r"\]\s+done$")


def control_master(options):
    if shutil.which("ssh") is None:
        sys.exit(3)
    aliases, masters = Aliases(options), []
    used = processor(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    for number in range(len(options.hosts)):
        socket = f"{aliases.directory}/{os.getpid()}.{number}"
        masters.append(subprocess.Popen(
            ["ssh", "-F", aliases.path, "-M", "-N", "-S", socket, aliases.names[number]]))
        while not os.path.exists(socket):
            time.sleep(0.01)
    first = time.monotonic()

    def run(socket):
        # Once a master is there, the name of the host is of no matter.
        return subprocess.run(
            ["ssh", "-F", aliases.path, "-S", socket, aliases.names[0], options.line],
            stdin=subprocess.DEVNULL).returncode == 0

    sockets = [f"{aliases.directory}/{os.getpid()}.{number}" for number in range(len(masters))]
    ok = in_threads(options, sockets, run)
    seconds = time.monotonic() - first
    for master in masters:
        master.terminate()
        master.wait()
    answer(ok, seconds, processor(resource.RUSAGE_CHILDREN) - used, first - begun)


def main():
    peer, options = sys.argv[1], Options(sys.argv[2:])
    try:
        if peer == "asyncssh":
            asyncio.run(run_asyncssh(options))
        else:
            {"paramiko": paramiko, "parallel-ssh": parallel_ssh, "clush": clush,
             "ansible": ansible, "pyinfra": pyinfra, "ssh-master": control_master}[peer](options)
    except ModuleNotFoundError:
        sys.exit(3)


main()
