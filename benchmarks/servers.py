# SPDX-License-Identifier: BSL-1.0
"""The servers that contenders need, for as long as a `with` lasts.

Each has its nodes on free ports of 127.0.0.1, which a node keeps when it is
started again, and writes into a temporary folder. Nodes and folder are gone at the
end, also when this process is killed. Start nodes from the main thread: they end
when the thread that started them ends.

  servers         what contenders take as --servers
  nodes           the numbers of the nodes
  version         as the servers tell it
  stop_node(i)    stops a node in order
  start_node(i)   returns when it is ready
"""

import contextlib
import json
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))

from processes import PATIENCE, ROOT, kafka

__all__ = ["KINDS", "Etcd", "Kafka", "ZooKeeper"]

# Below the ports that the system gives to outgoing connections: otherwise a client that tries to
# reconnect could take the port of a node that is down.
PORTS = range(20000, 32000)

ANSWER = 2.0  # seconds; a server that is asked while it starts may never answer


class Kafka:
    """As scripts/kafka makes it: small, with the stock settings for groups and records."""

    def __init__(self, nodes=1):
        self.nodes = list(range(1, nodes + 1))
        self.version = re.search("<kafka.version>(.+)</kafka.version>",
                                 (ROOT / "scripts/kafka-pom.xml").read_text())[1]

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.servers, self.folder = stack.enter_context(
                kafka("--nodes", str(len(self.nodes))))
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def stop_node(self, number):
        self.tell("stop-node", number)

    def start_node(self, number):
        self.tell("start-node", number)

    def tell(self, command, number):
        subprocess.run([ROOT / "scripts/kafka", command, str(number), "--dir", self.folder],
                       check=True, stdout=subprocess.DEVNULL)


class Cluster:
    """Nodes that are child processes of this one. Each kind of server tells how to run one."""
    ports_each = 1  # the first is for clients

    def __init__(self, nodes=1):
        self.nodes = list(range(1, nodes + 1))

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.folder = Path(stack.enter_context(folder_till_the_end()))
            free = filter(is_free, random.sample(PORTS, len(PORTS)))
            self.ports = {i: [next(free) for _ in range(self.ports_each)] for i in self.nodes}
            self.servers = ",".join(f"127.0.0.1:{ports[0]}" for ports in self.ports.values())
            self.processes = {}
            stack.callback(self.kill)
            for number in self.nodes:
                self.launch(number)
            for number in self.nodes:
                self.await_ready(number)
            self.version = self.ask_version()
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def kill(self):
        for process in self.processes.values():
            process.kill()
            process.wait()

    def stop_node(self, number):
        process = self.processes.pop(number)
        process.terminate()
        try:
            process.wait(PATIENCE / 2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def start_node(self, number):
        self.launch(number)
        self.await_ready(number)

    def launch(self, number):
        home = self.home(number)
        home.mkdir(exist_ok=True)
        words = ["setpriv", "--pdeathsig", "KILL", "--", *self.command(number)]
        with self.log(number).open("ab") as log:
            # In a process group of its own, so that Ctrl-C does not end it before the processes
            # that use it.
            self.processes[number] = subprocess.Popen(
                words, cwd=home, stdin=subprocess.DEVNULL, stdout=log, stderr=log, process_group=0)

    def await_ready(self, number):
        deadline = time.monotonic() + PATIENCE
        while not self.ready(number):
            if time.monotonic() > deadline or self.processes[number].poll() is not None:
                sys.exit(f"node {number} of {type(self).__name__} does not start:\n"
                         + self.log(number).read_text()[-2000:])
            time.sleep(0.05)

    def home(self, number):
        return self.folder / f"node{number}"

    def log(self, number):
        return self.home(number) / "log"


class Etcd(Cluster):
    """With its default settings."""
    ports_each = 2

    def command(self, number):
        client, peer = (f"http://127.0.0.1:{port}" for port in self.ports[number])
        cluster = ",".join(f"n{i}=http://127.0.0.1:{peer}" for i, (_, peer) in self.ports.items())
        return [program("etcd"), "--name", f"n{number}", "--data-dir", "data",
                "--listen-client-urls", client, "--advertise-client-urls", client,
                "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                "--initial-cluster", cluster]

    def ready(self, number):
        return self.get(number, "health").get("health") == "true"

    def ask_version(self):
        return self.get(self.nodes[0], "version")["etcdserver"]

    def get(self, number, what):
        url = f"http://127.0.0.1:{self.ports[number][0]}/{what}"
        try:
            with urllib.request.urlopen(url, timeout=ANSWER) as answer:
                return json.load(answer)
        except (urllib.error.URLError, OSError):
            return {}


class ZooKeeper(Cluster):
    """With the settings of the sample that comes with it."""
    ports_each = 3
    JAR = Path("/usr/share/java/zookeeper.jar")  # names all that it needs, except for a log
    LOG = Path("/usr/share/java/slf4j-simple.jar")

    def command(self, number):
        if not self.JAR.exists():
            sys.exit(f"no {self.JAR}: run scripts/setup --benchmarks first")
        home = self.home(number)
        (home / "myid").write_text(f"{number}\n")
        settings = {
            "tickTime": 2000,
            "initLimit": 10,
            "syncLimit": 5,
            "dataDir": home,
            "clientPort": self.ports[number][0],
            "clientPortAddress": "127.0.0.1",
            "admin.enableServer": "false",
            "4lw.commands.whitelist": "*",
        }
        if len(self.nodes) > 1:
            for i, (_, peer, election) in self.ports.items():
                settings[f"server.{i}"] = f"127.0.0.1:{peer}:{election}"
        config = home / "zoo.cfg"
        config.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
        return [program("java"), "-Xmx512m", "-cp", f"{self.JAR}:{self.LOG}",
                "org.apache.zookeeper.server.quorum.QuorumPeerMain", str(config)]

    def ready(self, number):
        return "Mode: " in self.ask(number, "srvr")

    def ask_version(self):
        return re.search(r"version: ([\d.]+)", self.ask(self.nodes[0], "srvr"))[1]

    def ask(self, number, word):
        try:
            address = ("127.0.0.1", self.ports[number][0])
            with socket.create_connection(address, ANSWER) as connection:
                connection.sendall(word.encode())
                with connection.makefile() as answer:
                    return answer.read()
        except OSError:
            return ""


KINDS = {"kafka": Kafka, "etcd": Etcd, "zookeeper": ZooKeeper}


@contextlib.contextmanager
def folder_till_the_end():
    """A temporary folder, which is deleted after the `with` and however this process ends."""
    with tempfile.TemporaryDirectory(prefix="neli-servers-") as folder:
        # A shell waits at a pipe that closes when this process ends. It gives the servers, which
        # end then too, a second before it deletes the folder.
        words = ["sh", "-c", 'read -r _ || sleep 1; rm -rf -- "$1"', "sh", folder]
        with subprocess.Popen(words, stdin=subprocess.PIPE, process_group=0) as guard:
            try:
                yield folder
            finally:
                guard.stdin.write(b"\n")
                guard.stdin.close()


def program(name):
    found = shutil.which(name)
    if not found:
        sys.exit(f"no '{name}' on PATH: run scripts/setup --benchmarks first")
    return found


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
