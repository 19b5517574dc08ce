# SPDX-License-Identifier: BSL-1.0
"""One broker: its folder, its ports and its process."""

import contextlib
import os
import struct
from pathlib import Path

from harness.kafka.failure import Fail, PortTaken
from harness.kafka.protocol import living_brokers
from harness.waiting import wait_until

LISTENING = "0A"  # in /proc/net/tcp


class Node:
    def __init__(self, cluster_folder, number, ports):
        self.number = number
        self.ports = ports
        self.client, self.internal, self.controller, *self.proxied = ports
        self.folder = cluster_folder / f"node{number}"
        self.config = self.folder / "server.properties"
        self.data = self.folder / "data"
        self.log = self.folder / "server.log"
        self.console = self.folder / "console.log"

    def __str__(self):
        return f"node {self.number}"

    def process(self):
        """Its pid, or None, and its state. Looked up among the processes, and not
        noted down, so that it is never out of date nor some other process."""
        own = [b"kafka.Kafka", os.fsencode(self.config), b""]
        for process in Path("/proc").glob("[1-9]*"):
            with contextlib.suppress(OSError):  # it ended meanwhile
                if (process / "cmdline").read_bytes().split(b"\0")[-3:] == own:
                    letter = (process / "stat").read_text().rpartition(")")[2].split()[0]
                    return int(process.name), "paused" if letter in "Tt" else "running"
        return None, "stopped"

    def state(self):
        return self.process()[1]

    def signal(self, number):
        pid, _ = self.process()
        if pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def ready(self, cluster_id, brokers):
        """Whether it serves clients and sees these brokers alive."""
        return self.brokers(cluster_id) >= brokers and self.owns_client_port()

    def owns_client_port(self):
        """Whether this broker has its port for clients. One that lost it to another
        process answers on its other port until it gives up."""
        sockets = set()
        for table in ("/proc/net/tcp", "/proc/net/tcp6"):
            with contextlib.suppress(OSError):  # no IPv6
                for line in Path(table).read_text().splitlines()[1:]:
                    fields = line.split()
                    if fields[1].endswith(f":{self.client:04X}") and fields[3] == LISTENING:
                        sockets.add(f"socket:[{fields[9]}]")
        pid, _ = self.process()
        with contextlib.suppress(OSError):  # it ended meanwhile
            return any(os.readlink(file) in sockets for file in Path(f"/proc/{pid}/fd").iterdir())
        return False

    def brokers(self, cluster_id):
        """The brokers that this one knows to be alive; none unless it answers."""
        try:
            brokers, of = living_brokers(self.internal)
            return brokers if of == cluster_id else set()
        except (OSError, ValueError, struct.error):
            return set()

    def check_alive(self):
        state = self.state()
        if state == "paused":
            raise Fail(f"{self} is paused: 'scripts/kafka resume {self.number}' first")
        if state == "stopped":
            words = self.last_words()
            kind = PortTaken if "Address already in use" in words else Fail
            raise kind(f"{self} ended while starting; its log ends:\n{words}")

    def last_words(self):
        lines = []
        for path in (self.console, self.log):
            with contextlib.suppress(OSError):
                lines += path.read_text(errors="replace").splitlines()[-30:]
        return "\n".join(lines)


def signal_and_wait(nodes, number, states):
    for node in nodes:
        node.signal(number)
    if not wait_until(lambda: all(node.state() in states for node in nodes), 10):
        raise Fail(f"not {' or '.join(states)} after 10 s: {', '.join(map(str, nodes))}")
