# SPDX-License-Identifier: BSL-1.0
"""Brokers that know each other."""

import json
import shutil
import signal
import subprocess
import time
from pathlib import Path

from harness.kafka import storage
from harness.kafka.aftermath import settle
from harness.kafka.failure import Fail, NoCluster, PortTaken, say
from harness.kafka.installation import VERSION, class_archive, java_command
from harness.kafka.node import Node, signal_and_wait
from harness.kafka.properties import properties_of, write_properties
from harness.ports import free_ports, is_free
from harness.waiting import wait_until

LOG4J2 = Path(__file__).with_name("log4j2.properties")


class Cluster:
    """A folder and the nodes that live in it."""

    def __init__(self, folder, settings):
        self.folder = folder
        self.settings = settings
        self.id = settings["id"]
        self.record_classes = None  # into this file

    @property
    def nodes(self):
        return [Node(self.folder, number, ports)
                for number, ports in enumerate(self.settings["ports"], start=1)]

    @property
    def proxies(self):
        return len(self.nodes[0].proxied)

    @property
    def numbers(self):
        return {node.number for node in self.nodes}

    @staticmethod
    def file(folder):
        return folder / "cluster.json"

    @classmethod
    def load(cls, folder):
        try:
            return cls(folder, json.loads(cls.file(folder).read_text()))
        except FileNotFoundError:
            raise NoCluster(folder) from None

    @classmethod
    def create(cls, folder, nodes, heap, properties, proxies=0):
        cluster = cls(folder, {"id": storage.new_id(), "heap": heap, "properties": properties,
                               "ports": free_ports(nodes, 3 + proxies)})
        cluster.save()
        return cluster

    def save(self):
        temporary = self.folder / "cluster.json.new"
        temporary.write_text(json.dumps(self.settings, indent=2) + "\n")
        temporary.rename(self.file(self.folder))

    def bootstrap(self, listener="client"):
        return ",".join(f"127.0.0.1:{getattr(node, listener)}" for node in self.nodes)

    def select(self, names):
        """The nodes that a command line names."""
        for name in names:
            if name not in ["all", *map(str, self.numbers)]:
                raise Fail(f"NODE {name}: the cluster in {self.folder} has"
                           f" nodes 1 to {len(self.nodes)}", 2)
        return [node for node in self.nodes if "all" in names or str(node.number) in names]

    def launch(self, node):
        """Starts the process of a node that is down, as a daemon."""
        # A process that was just killed may need a moment to let go of its ports.
        if not wait_until(lambda: all(map(is_free, node.ports)), 2):
            raise PortTaken(f"{node}: one of its ports {node.ports} is in use by another process")
        node.folder.mkdir(exist_ok=True)
        write_properties(node.config, properties_of(node, self.nodes) | self.settings["properties"])
        storage.format(node, self.id)
        archive = (f"-XX:ArchiveClassesAtExit={self.record_classes}" if self.record_classes
                   else f"-XX:SharedArchiveFile={class_archive()}")
        command = java_command(
            f"-Xmx{self.settings['heap']}",
            # Java would warn of an archive that it cannot use, though it only starts slower.
            archive, "-Xlog:disable", "-Xlog:all=error:stderr",
            f"-Dneli.log={node.log}",
            f"-Dlog4j2.configurationFile={LOG4J2.as_uri()}",
            "kafka.Kafka", str(node.config))
        with node.console.open("wb") as console:
            process = subprocess.Popen(command, cwd=node.folder, start_new_session=True,
                                       stdin=subprocess.DEVNULL, stdout=console, stderr=console)
        wait_until(lambda: node.process()[0] or process.poll() is not None, 10)

    def wait_ready(self, nodes, expected, timeout):
        deadline = time.monotonic() + timeout

        def ready(node):
            if node.ready(self.id, expected):
                return True
            for other in nodes:
                other.check_alive()
            return False

        for node in nodes:
            if not wait_until(lambda node=node: ready(node), deadline - time.monotonic()):
                raise Fail(f"{node} is not ready after {timeout:g} s; its log ends:\n"
                           + node.last_words())

    def bring_up(self, timeout, new):
        """Starts the nodes that are down and waits for all; undoes that if it fails."""
        began = time.monotonic()
        down = [node.number for node in self.nodes if node.state() == "stopped"]
        say(f"starting {len(down)} node(s) of Kafka {VERSION} in {self.folder}")
        try:
            self.start(down, timeout, retries=2 if new else 0)
            say(f"ready after {time.monotonic() - began:.1f} s")
        except BaseException:
            settle()
            if new:
                self.delete()
            else:
                self.kill([node for node in self.nodes if node.number in down])
            raise

    def start(self, numbers, timeout, retries):
        try:
            for node in self.nodes:
                if node.number in numbers:
                    self.launch(node)
            self.wait_ready(self.nodes, self.numbers, timeout)
        except PortTaken:
            if not retries:
                raise
            say("a port was taken meanwhile, trying others")
            self.delete()
            self.settings["ports"] = free_ports(len(self.nodes), 3 + self.proxies)
            self.save()
            self.start(numbers, timeout, retries - 1)

    def kill(self, nodes):
        signal_and_wait(nodes, signal.SIGKILL, {"stopped"})

    def stop(self, nodes, timeout):
        for number in (signal.SIGTERM, signal.SIGCONT):  # a paused one could not obey
            for node in nodes:
                node.signal(number)
        if not wait_until(lambda: all(node.state() == "stopped" for node in nodes), timeout):
            late = [node for node in nodes if node.state() != "stopped"]
            say(f"not stopped after {timeout:g} s, killing: {', '.join(map(str, late))}")
            self.kill(late)

    def delete(self):
        """Deletes from the folder what is ours."""
        self.kill(self.nodes)
        for node in self.nodes:
            shutil.rmtree(node.folder, ignore_errors=True)
        self.file(self.folder).unlink(missing_ok=True)
