# SPDX-License-Identifier: BSL-1.0
import json
import shutil
import sys
import urllib.error
import urllib.request

from harness import CACHE
from harness.servers.children import ANSWER, Cluster


class Consul(Cluster):
    """Servers with the default settings but for timings: Consul's are for machines much slower than
    any that runs tests. And these options."""
    ports_each = 3
    LEAN = ('performance { raft_multiplier = 1 } connect { enabled = false } '
            'disable_update_check = true')

    def __init__(self, nodes=1, options=(), tls=False):
        if tls:
            sys.exit("Consul: there is none with TLS")
        super().__init__(nodes)
        self.options = options

    @staticmethod
    def program():
        """The one that scripts/setup --consul has built, or of PATH; None if there is none."""
        built = sorted(CACHE.glob("consul-*/consul"))
        return str(built[-1]) if built else shutil.which("consul")

    def command(self, number):
        http, serf, rpc = map(str, self.ports[number])
        others = [word for i in self.nodes for word in
                  ("-retry-join", f"127.0.0.1:{self.ports[i][1]}") if len(self.nodes) > 1]
        return [self.program() or sys.exit("no Consul: run scripts/setup --consul first"),
                "agent", "-server", f"-bootstrap-expect={len(self.nodes)}", *others,
                "-node", f"n{number}", "-disable-host-node-id", "-data-dir", "data",
                "-bind", "127.0.0.1", "-client", "127.0.0.1", "-http-port", http,
                "-serf-lan-port", serf, "-server-port", rpc, "-serf-wan-port", "-1",
                "-dns-port", "-1", "-grpc-port", "-1", "-grpc-tls-port", "-1",
                "-hcl", self.LEAN, *self.options]

    def ready(self, number):
        return bool(self.get(number, "status/leader"))

    def ask_version(self):
        return self.get(self.nodes[0], "agent/self")["Config"]["Version"]

    def get(self, number, what):
        url = f"http://127.0.0.1:{self.ports[number][0]}/v1/{what}"
        try:
            with urllib.request.urlopen(url, timeout=ANSWER) as answer:
                return json.load(answer)
        except (urllib.error.URLError, OSError, ValueError):
            return None
