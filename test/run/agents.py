# SPDX-License-Identifier: BSL-1.0
"""`neli run` as processes, and what their commands leave behind."""

import itertools
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from harness import PATIENCE
from harness.processes import children, descendants, naming
from harness.waiting import wait_until

WRITER = Path(__file__).resolve().parent / "writer.py"


class Agent:
    """One `neli run`, with --json."""

    def __init__(self, neli, store, ledger, options, command, folder, before=(),
                 environment=None):
        self.folder = folder
        words = [*before, neli, "run", "--json", "--store", store, "--ledger", ledger, *options,
                 "--", *command]
        self.process = subprocess.Popen(
            list(map(str, words)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, process_group=0,
            env={**os.environ, **(environment or {})})
        self.said = []
        self.other = []
        self.listener = threading.Thread(target=self.listen, daemon=True)
        self.listener.start()

    def listen(self):
        for line in self.process.stderr:
            if line.startswith("{"):
                self.said.append(json.loads(line))
            else:
                self.other.append(line)

    def events(self, name):
        return [e for e in list(self.said) if e["event"] == name]

    def leads(self, times=1):
        """Waits until it leads for the so-manieth time; the token."""
        until(lambda: len(self.events("leads")) >= times or self.process.poll() is not None,
              lambda: f"it does not lead: {self.said} {self.other}")
        assert len(self.events("leads")) >= times, f"it has ended: {self.said} {self.other}"
        return self.events("leads")[times - 1]["token"]

    def signal(self, number):
        self.process.send_signal(number)

    def ends(self):
        """Its exit status, as Popen tells it."""
        until(lambda: self.process.poll() is not None,
              lambda: f"it does not end: {self.said} {self.other}")
        self.listener.join()
        return self.process.returncode

    def children(self):
        """The keepers are children of the agent."""
        return children(self.process.pid)

    def keeper(self):
        """The one that has a command."""
        found = []
        until(lambda: found.extend(k for k in self.children() if children(k)) or found,
              "no keeper has a command")
        return found[0]

    def kill(self):
        """With all that it has started, and all that works in the same folder."""
        doomed = [self.process.pid, *descendants(self.process.pid), *naming(bytes(self.folder))]
        for number in signal.SIGSTOP, signal.SIGKILL:
            for p in doomed:
                send(p, number)
        self.process.wait()
        self.listener.join()
        self.process.stderr.close()
        self.process.stdout.close()


def until(so, otherwise):
    """What it is otherwise is a text, or tells one of how things are in the end."""
    if not wait_until(so, PATIENCE):
        raise AssertionError(otherwise() if callable(otherwise) else otherwise)


def send(process, number):
    try:
        os.kill(process, number)
    except ProcessLookupError:
        pass


def writers(file, *options, who="a"):
    return [sys.executable, WRITER, *options, file, who]


def stints(file):
    """The tokens in the order of the lines, each once for all lines in a row."""
    lines = file.read_text().splitlines() if file.exists() else []
    return [int(token) for token, _ in itertools.groupby(line.split()[0] for line in lines)]


def authors(file):
    return {line.split()[1] for line in file.read_text().splitlines()} if file.exists() else set()
