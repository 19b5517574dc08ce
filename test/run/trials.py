#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Faults at random, while two `neli run` write one file.

Each leader's command, and an independent child of it that heeds no SIGTERM, write a line each
millisecond with their fencing token. After each fault (the agent, its keeper, the command, the child
or the server is killed or stopped) another one has to lead, and no line may stand after a line of a
later token.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from harness import say
from harness.processes import children, cmdline
from harness.servers import Etcd
from run.agents import Agent, send, until, writers

FAULTS = ["agent killed", "agent stopped", "keeper killed", "keeper stopped", "command killed",
          "command stopped", "child killed", "child stopped", "group stopped", "server killed",
          "server stopped", "told to end"]
# These alone end no term, so the agent is killed or stopped, too.
WITH_THE_AGENT = ["keeper stopped", "command stopped", "child killed", "child stopped"]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("neli", type=Path, help="the program")
    parser.add_argument("--count", type=int, default=1000, help="faults [1000]")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000_000)
    parser.add_argument("--lease-ms", type=int, default=1000)
    return parser.parse_args()


class Trial:
    def __init__(self, options, etcd, folder):
        self.options, self.etcd, self.file = options, etcd, folder / "lines"
        self.random = random.Random(options.seed)
        self.ledger = "trials/leader"
        self.agents = {}
        self.started = 0
        self.newest = 0
        self.checked = self.last = 0  # how much of the file, and its last token
        self.file.touch()

    def start(self):
        self.started += 1
        name = f"n{self.started}"
        # Its own, so that what is left of it can be told from what is the others'.
        folder = self.file.parent / f"of-{name}-"
        folder.mkdir()
        file = folder / self.file.name
        file.symlink_to(self.file)
        self.agents[name] = Agent(
            self.options.neli, f"etcd://{self.etcd.servers}", self.ledger,
            ["--lease-ms", self.options.lease_ms, "--name", name, "--restart", "always",
             "--back-off", "1ms"],
            writers(file, "--child", who=name), folder)

    def leader(self):
        """Waits until one leads whose command and child write, with a token that is new."""
        found = []

        def look():
            lines = self.lines()
            for name, agent in self.agents.items():
                led, ended = agent.events("leads"), agent.events("ended")
                if len(led) == len(ended):
                    continue
                token = led[-1]["token"]
                wrote = {who for by, who in lines if int(by) == token}
                if token > self.newest and {name, f"daemon-of-{name}"} <= wrote:
                    found.append((name, token))
            return found

        until(look, lambda: f"nobody leads after token {self.newest}: "
                    f"{ {n: a.said[-3:] + a.other[-3:] for n, a in self.agents.items()} }")
        return found[-1]

    def parts(self, agent):
        """The leader's keeper, command and child, as far as they are there."""
        keepers = [k for k in children(agent.process.pid) if children(k)]
        below = [p for k in keepers for p in children(k)]
        daemons = [p for p in below if b"daemon-of" in cmdline(p)]
        return {"keeper": keepers, "command": [p for p in below if p not in daemons],
                "child": daemons}

    def fault(self, name):
        agent = self.agents[name]
        what = self.random.choice(FAULTS)
        who, _, how = what.partition(" ")
        number = signal.SIGKILL if how == "killed" else signal.SIGSTOP
        if who == "agent":
            agent.signal(number)
        elif who == "group":
            os.killpg(agent.process.pid, signal.SIGSTOP)
        elif who == "told":
            agent.signal(signal.SIGTERM)
        elif who == "server":
            self.server(how)
        else:
            for p in self.parts(agent)[who]:
                send(p, number)
            if what in WITH_THE_AGENT:
                agent.signal(self.random.choice([signal.SIGKILL, signal.SIGSTOP]))
        return what

    def server(self, how):
        if how == "killed":
            self.etcd.processes[1].kill()
            self.etcd.processes[1].wait()
            time.sleep(self.options.lease_ms / 1000 * 2)
            self.etcd.start_node(1)
        else:
            self.etcd.pause_node(1)
            time.sleep(self.options.lease_ms / 1000 * 2)
            self.etcd.resume_node(1)

    def lines(self):
        """What was written since the last check: (token, who)."""
        with self.file.open("rb") as file:
            file.seek(self.checked)
            whole, end, _ = file.read().rpartition(b"\n")
        self.seen_until = self.checked + len(whole) + len(end)
        return [line.split() for line in whole.decode().splitlines()]

    def check(self):
        for token, who in self.lines():
            if int(token) < self.last:
                sys.exit(f"{who} wrote with token {token} after token {self.last}, "
                         f"seed {self.options.seed}")
            self.last = int(token)
        self.checked = self.seen_until

    def run(self):
        self.start()
        self.start()
        counts = {}
        for i in range(self.options.count):
            name, token = self.leader()
            time.sleep(self.random.random() * 0.3)
            what = self.fault(name)
            say(f"run trials: {name} {token}: {what}")
            counts[what] = counts.get(what, 0) + 1
            self.newest = token
            following, _ = self.leader()
            self.check()
            for other in list(self.agents):
                if other != following and (other == name or self.agents[other].process.poll() is not None):
                    self.agents.pop(other).kill()
                    self.start()
            if (i + 1) % 20 == 0:
                say(f"run trials: {i + 1} of {self.options.count} faults, token {self.newest}")
        return counts


def main():
    options = arguments()
    say(f"run trials: seed {options.seed}")
    with tempfile.TemporaryDirectory() as folder, Etcd(
            options=["--heartbeat-interval", "20", "--election-timeout", "200"]) as etcd:
        trial = Trial(options, etcd, Path(folder))
        try:
            counts = trial.run()
        finally:
            for agent in trial.agents.values():
                agent.kill()
    for what, count in sorted(counts.items()):
        print(f"{count:6} {what}")
    print(f"{sum(counts.values())} faults, {trial.started} processes, no line after one of a later token")


main()
