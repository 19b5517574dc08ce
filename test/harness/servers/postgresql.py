# SPDX-License-Identifier: BSL-1.0
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from harness.servers.children import Cluster, as_user
from harness.servers.children import program as on_path


class PostgreSQL(Cluster):
    """One node, with its default settings, and these options. Its superuser is `neli`, without a
    password. PostgreSQL does not run as root: it runs as `nobody` then."""
    in_order = signal.SIGINT  # without a wait for its clients
    at_once = signal.SIGQUIT  # SIGKILL would leave what it shares with its children
    user = "nobody" if os.geteuid() == 0 else None

    def __init__(self, nodes=1, options=(), tls=False):
        if nodes != 1 or tls:
            sys.exit("PostgreSQL: one node without TLS is all there is")
        super().__init__()
        self.options = options

    def command(self, number):
        data = self.home(number) / "data"
        if not data.exists():
            words = ["--no-sync", "--auth=trust", "--username=neli", "--encoding=UTF8", "--locale=C"]
            subprocess.run([*as_user(self.user), program("initdb"), *words, "-D", data],
                           cwd=self.folder, check=True, stdout=subprocess.DEVNULL)
        return [program("postgres"), "-D", data, "-p", str(self.ports[number][0]),
                "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", *self.options]

    def ready(self, number):
        words = [program("pg_isready"), "-h", "127.0.0.1", "-p", str(self.ports[number][0])]
        return subprocess.run(words, stdout=subprocess.DEVNULL).returncode == 0

    def ask_version(self):
        said = subprocess.run([program("postgres"), "--version"], capture_output=True, text=True)
        return re.search(r"\d[\d.]*", said.stdout)[0]


def program(name):
    """Debian has one folder for each version, which is not on PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
                   key=lambda path: int(path.parts[4]))
    return found[-1] if found else on_path(name)
