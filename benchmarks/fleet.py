# SPDX-License-Identifier: BSL-1.0
"""What the benchmarks with processes and a real Kafka share.

The broker is one node as scripts/kafka makes it: all that governs groups and
records is as in stock. The processes print one line per fact:

  <ns of the monotonic clock> <name>[/<role>] <WHAT> [detail]
"""

import contextlib
import dataclasses
import itertools
import os
import platform
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0


# --- processes that contend ---

@dataclasses.dataclass(frozen=True)
class Fact:
    ns: int
    name: str
    role: str
    what: str


class Fleet:
    """The processes of one ledger."""

    def __init__(self, contender, servers, topic, options=()):
        self.command = [*contender, "--servers", servers, "--topic", topic, *options]
        self.servers = servers
        self.topic = topic
        self.said = []
        self.news = threading.Condition()
        self.processes = {}
        self.listeners = {}
        self.names = (f"n{i}" for i in itertools.count(1))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes.values():
            process.kill()
            process.wait()

    def start(self, name=None):
        name = name or next(self.names)
        process = subprocess.Popen([*self.command, "--name", name], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, text=True)
        self.processes[name] = process
        listener = threading.Thread(target=self.listen, args=[process.stdout], daemon=True)
        listener.start()
        self.listeners[name] = listener
        return name

    def listen(self, lines):
        for line in lines:
            ns, who, what, *_ = line.split()
            name, _, role = who.partition("/")
            with self.news:
                self.hear(Fact(int(ns), name, role, what))
                self.news.notify_all()

    def hear(self, fact):
        self.said.append(fact)

    def signal(self, name, number):
        """Sends it and tells when."""
        now = time.monotonic_ns()
        self.processes[name].send_signal(number)
        return now

    def expect(self, since, what, name=None):
        """Waits for the first such fact from then on."""
        found = []

        def look():
            found[:] = (f for f in self.said
                        if f.ns > since and f.what == what and name in (None, f.name))
            return found

        with self.news:
            if not self.news.wait_for(look, PATIENCE):
                sys.exit(f"{name or 'nobody'} did not say {what} within {PATIENCE:.0f} s")
        return found[0]

    def wait(self, name):
        """Until it has ended and all that it has said is heard."""
        self.processes.pop(name).wait()
        self.listeners.pop(name).join()

    def usage(self, seconds):
        """What each process uses while that time passes, and the records a second of the topic."""
        def records():
            return end_offset(self.servers, self.topic)

        first, before = records(), {name: Usage.of(p.pid) for name, p in self.processes.items()}
        time.sleep(seconds)
        usage = {name: Usage.of(p.pid).since(before[name]) for name, p in self.processes.items()}
        return usage, (records() - first) / seconds


# --- the broker ---

@contextlib.contextmanager
def stock_broker():
    with tempfile.TemporaryDirectory(prefix="neli-benchmark-") as folder:
        words = [ROOT / "scripts/kafka", "run", "--dir", folder, "--die-with-stdin"]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              text=True) as process:
            servers = process.stdout.readline().strip()
            if not servers:
                sys.exit("the broker does not start; has scripts/setup been run?")
            try:
                yield servers
            finally:
                process.stdin.close()


def end_offset(servers, topic):
    """The end of partition 0, by one ListOffsets request (version 1)."""
    def string(s):
        return struct.pack(">h", len(s)) + s.encode()

    def receive(n):
        return connection.recv(n, socket.MSG_WAITALL)

    latest = -1
    request = (struct.pack(">hhi", 2, 1, 0) + string("benchmark") + struct.pack(">ii", -1, 1) +
               string(topic) + struct.pack(">iiq", 1, 0, latest))
    host, port = servers.split(",")[0].rsplit(":", 1)
    with socket.create_connection((host, int(port)), PATIENCE) as connection:
        connection.sendall(struct.pack(">i", len(request)) + request)
        answer = receive(struct.unpack(">i", receive(4))[0])
    # Ends with the partition, its error, a timestamp and the offset.
    _, error, _, offset = struct.unpack(">ihqq", answer[-22:])
    if error:
        sys.exit(f"ListOffsets of {topic} failed: Kafka's error {error}")
    return offset


# --- what they use ---

@dataclasses.dataclass(frozen=True)
class Usage:
    """What a process has used so far, all its threads together."""
    at: float
    cpu_ns: int
    switches: int
    threads: int
    resident_kb: int

    @classmethod
    def of(cls, pid):
        folder = Path(f"/proc/{pid}")
        tasks = list((folder / "task").iterdir())
        return cls(time.monotonic(),
                   sum(int((t / "schedstat").read_text().split()[0]) for t in tasks),
                   sum(status(t, "voluntary_ctxt_switches") for t in tasks),
                   status(folder, "Threads"), status(folder, "VmRSS"))

    def since(self, earlier):
        took = self.at - earlier.at
        return {"cpu_percent": (self.cpu_ns - earlier.cpu_ns) / took / 1e7,
                "switches_per_s": (self.switches - earlier.switches) / took,
                "threads": self.threads,
                "resident_mb": self.resident_kb / 1000}


def status(folder, key):
    for line in (folder / "status").read_text().splitlines():
        name, value = line.split(":", 1)
        if name == key:
            return int(value.split()[0])
    raise KeyError(key)


# --- what is reported ---

def percentile(samples, p):
    """The smallest sample that at least p percent are not above."""
    ordered = sorted(samples)
    return ordered[max(0, -(-len(ordered) * p // 100) - 1)]


def table(header, rows):
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine():
    model = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").open()
                  if line.startswith("model name")), platform.machine())
    return (f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores of {model}, "
            f"Linux {platform.release()}, load {os.getloadavg()[0]:.1f} at the start")


def say(what):
    print(what, file=sys.stderr, flush=True)
