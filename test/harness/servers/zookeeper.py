# SPDX-License-Identifier: BSL-1.0
import re
import socket
import sys
from pathlib import Path

from harness.servers.children import ANSWER, Cluster, program


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
