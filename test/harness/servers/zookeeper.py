# SPDX-License-Identifier: BSL-1.0
import contextlib
import re
import socket
import ssl
import sys
from pathlib import Path

from harness.certificates import make_certificates
from harness.servers.children import ANSWER, Cluster, program


class ZooKeeper(Cluster):
    """With the settings of the sample that comes with it, but for these, and these options for Java.
    With `tls` its clients need certificates, which are in its folder."""
    ports_each = 3
    JARS = [Path(f"/usr/share/java/{name}.jar") for name in (
        "zookeeper",  # names most of what it needs
        "slf4j-simple",
        "netty-codec", "netty-resolver",  # for TLS
    )]

    def __init__(self, nodes=1, options=(), tls=False, settings=()):
        super().__init__(nodes)
        self.options = options
        self.settings = dict(settings)
        self.with_tls = tls
        self.tls = None

    def prepare(self):
        if self.with_tls:
            make_certificates(self.folder)
            both = [(self.folder / f"server.{part}").read_text() for part in ("key", "pem")]
            (self.folder / "both.pem").write_text("".join(both))
            self.tls = ssl.create_default_context(cafile=self.folder / "ca.pem")
            self.tls.load_cert_chain(self.folder / "client.pem", self.folder / "client.key")

    def command(self, number):
        if not self.JARS[0].exists():
            sys.exit(f"no {self.JARS[0]}: run scripts/setup first")
        home = self.home(number)
        (home / "myid").write_text(f"{number}\n")
        settings = {
            "tickTime": 2000,
            "initLimit": 10,
            "syncLimit": 5,
            "dataDir": home,
            "admin.enableServer": "false",
            "4lw.commands.whitelist": "*",
        }
        settings |= self.settings | self.client_settings(self.ports[number][0])
        if len(self.nodes) > 1:
            for i, (_, peer, election) in self.ports.items():
                settings[f"server.{i}"] = f"127.0.0.1:{peer}:{election}"
        config = home / "zoo.cfg"
        config.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
        jars = ":".join(map(str, self.JARS))
        return [program("java"), "-Xmx512m", *self.options, "-cp", jars,
                "org.apache.zookeeper.server.quorum.QuorumPeerMain", str(config)]

    def client_settings(self, port):
        if not self.with_tls:
            return {"clientPort": port, "clientPortAddress": "127.0.0.1"}
        return {
            "secureClientPort": port,
            "secureClientPortAddress": "127.0.0.1",
            "serverCnxnFactory": "org.apache.zookeeper.server.NettyServerCnxnFactory",
            "ssl.keyStore.type": "PEM",
            "ssl.keyStore.location": self.folder / "both.pem",
            "ssl.trustStore.type": "PEM",
            "ssl.trustStore.location": self.folder / "ca.pem",
        }

    def ready(self, number):
        return "Mode: " in self.ask(number, "srvr")

    def ask_version(self):
        return re.search(r"version: ([\d.]+)", self.ask(self.nodes[0], "srvr"))[1]

    def ask(self, number, word):
        try:
            address = ("127.0.0.1", self.ports[number][0])
            with contextlib.ExitStack() as stack:
                connection = stack.enter_context(socket.create_connection(address, ANSWER))
                if self.tls:
                    connection = stack.enter_context(
                        self.tls.wrap_socket(connection, server_hostname="127.0.0.1"))
                connection.sendall(word.encode())
                with connection.makefile() as answer:
                    return answer.read()
        except OSError:
            return ""
