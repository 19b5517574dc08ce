# SPDX-License-Identifier: BSL-1.0
import json
import urllib.error
import urllib.request

from harness.servers.children import ANSWER, Cluster, program


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
