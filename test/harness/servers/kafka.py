# SPDX-License-Identifier: BSL-1.0
import contextlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from harness import PATIENCE, ROOT
from harness.kafka.installation import VERSION

COMMAND = ROOT / "scripts/kafka"


class Kafka:
    """As scripts/kafka makes it, with its options: small, with the stock settings for groups and
    records. The cluster's `folder` is inside the one that is given."""
    version = VERSION

    def __init__(self, nodes=1, options=(), folder=None):
        self.nodes = list(range(1, nodes + 1))
        self.options = options
        self.parent = folder

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.folder = Path(stack.enter_context(
                tempfile.TemporaryDirectory(prefix="neli-kafka-", dir=self.parent)))
            process = stack.enter_context(subprocess.Popen(
                [COMMAND, "run", "--dir", self.folder, "--die-with-stdin",
                 "--nodes", str(len(self.nodes)), *self.options],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
            self.servers = process.stdout.readline().strip()
            if not self.servers:
                sys.exit("Kafka does not start; has scripts/setup been run?")
            stack.callback(process.stdin.close)
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def command(self, name, *words, **how):
        """One of scripts/kafka's; what it says."""
        return subprocess.run([COMMAND, name, "--dir", self.folder, *words], check=True, text=True,
                              stdout=subprocess.PIPE, **how).stdout

    def stop_node(self, number):
        self.act("stop-node", number)

    def kill_node(self, number):
        self.act("kill", number)

    def start_node(self, number):
        self.act("start-node", number)

    def pause_node(self, number):
        self.act("pause", number)

    def resume_node(self, number):
        self.act("resume", number)

    def act(self, name, number):
        self.command(name, str(number), timeout=2 * PATIENCE, stderr=subprocess.DEVNULL)

    def status(self):
        return json.loads(self.command("status", "--json"))
