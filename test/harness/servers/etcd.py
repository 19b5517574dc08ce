# SPDX-License-Identifier: BSL-1.0
import json
import os
import ssl
import urllib.error
import urllib.request

from harness.certificates import make_certificates
from harness.servers.children import ANSWER, Cluster, program


class Etcd(Cluster):
    """With its default settings, and these options. With `tls` its clients need certificates, which
    are in its folder. The program is PATH's, or the one that NELI_ETCD names in the environment."""
    ports_each = 2

    def __init__(self, nodes=1, options=(), tls=False):
        super().__init__(nodes)
        self.options = options
        self.scheme = "https" if tls else "http"
        self.tls = None

    def prepare(self):
        if self.scheme == "https":
            make_certificates(self.folder)
            self.tls = ssl.create_default_context(cafile=self.folder / "ca.pem")
            self.tls.load_cert_chain(self.folder / "client.pem", self.folder / "client.key")

    def command(self, number):
        client = f"{self.scheme}://127.0.0.1:{self.ports[number][0]}"
        peer = f"http://127.0.0.1:{self.ports[number][1]}"
        cluster = ",".join(f"n{i}=http://127.0.0.1:{peer}" for i, (_, peer) in self.ports.items())
        return [os.environ.get("NELI_ETCD") or program("etcd"), "--name", f"n{number}", "--data-dir", "data",
                "--listen-client-urls", client, "--advertise-client-urls", client,
                "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                "--initial-cluster", cluster, *self.tls_options(), *self.options]

    def tls_options(self):
        return self.tls and [
            "--cert-file", self.folder / "server.pem", "--key-file", self.folder / "server.key",
            "--trusted-ca-file", self.folder / "ca.pem", "--client-cert-auth"] or []

    def ready(self, number):
        return self.get(number, "health").get("health") == "true"

    def ask_version(self):
        return self.get(self.nodes[0], "version")["etcdserver"]

    def get(self, number, what):
        url = f"{self.scheme}://127.0.0.1:{self.ports[number][0]}/{what}"
        try:
            with urllib.request.urlopen(url, timeout=ANSWER, context=self.tls) as answer:
                return json.load(answer)
        except (urllib.error.URLError, OSError):
            return {}
