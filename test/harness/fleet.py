# SPDX-License-Identifier: BSL-1.0
"""Processes that contend, and what they say.

The processes print one line per fact:

  <ns of the monotonic clock> <name>[/<role>] <WHAT> [detail]
"""

import dataclasses
import itertools
import subprocess
import threading
import time

from harness import PATIENCE


class Silence(SystemExit):
    """What was waited for did not come. Ends the program unless somebody knows better."""


@dataclasses.dataclass(frozen=True)
class Fact:
    ns: int
    name: str
    role: str
    what: str
    detail: str = ""


class Fleet:
    """The processes of one ledger."""

    def __init__(self, contender, servers, topic, options=(),
                 where="--servers {servers} --topic {topic}"):
        # Split first: each may be empty or have spaces, and remains one argument.
        words = [word.format(servers=servers, topic=topic) for word in where.split()]
        self.command = [*contender, *words, *options]
        self.servers = servers
        self.topic = topic
        self.said = []
        self.news = threading.Condition()
        self.processes = {}
        self.listeners = {}
        self.names = (f"n{i}" for i in itertools.count(1))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes.values():
            process.kill()
            process.wait()

    def start(self, name=None, options=(), stderr=None):
        name = name or next(self.names)
        # In a group of its own it does not outlive us even when stopped: Linux hangs it up.
        process = subprocess.Popen([*self.command, *options, "--name", name],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=stderr, text=True, process_group=0)
        self.processes[name] = process
        listener = threading.Thread(target=self.listen, args=[process.stdout], daemon=True)
        listener.start()
        self.listeners[name] = listener
        return name

    def listen(self, lines):
        with lines:
            for line in lines:
                ns, who, what, *detail = line.rstrip("\n").split(" ", 3)
                name, _, role = who.partition("/")
                with self.news:
                    self.hear(Fact(int(ns), name, role, what, *detail))
                    self.news.notify_all()

    def hear(self, fact):
        self.said.append(fact)

    def signal(self, name, number):
        """Sends it and tells when."""
        now = time.monotonic_ns()
        self.processes[name].send_signal(number)
        return now

    def expect(self, since, what, name=None, within=PATIENCE, detail=None):
        """Waits for the first such fact from then on, so many seconds."""
        found = []

        def look():
            found[:] = (f for f in self.said
                        if f.ns > since and f.what == what and name in (None, f.name)
                        and detail in (None, f.detail))
            return found

        with self.news:
            if not self.news.wait_for(look, within):
                said = " ".join(filter(None, [what, detail]))
                raise Silence(f"{name or 'nobody'} did not say {said} within {within:.0f} s")
        return found[0]

    def wait(self, name):
        """Until it has ended and all that it has said is heard; its exit status."""
        status = self.processes.pop(name).wait()
        self.listeners.pop(name).join()
        return status
