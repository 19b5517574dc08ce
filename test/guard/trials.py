#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Deaths and what only looks like one, at random, of leaders that have a guard.

In each trial `a` leads with a guard and `b` stands by without one. Their lease outlasts every trial,
so another leads only because of the guard, or of an orderly end. First, in most trials, something
befalls `a` that is no death; the guard has to be silent. Then `a` dies, and `b` has to lead.

PROGRAM is neli_guard_test, which is the candidates and the guards, too.
"""

import argparse
import collections
import itertools
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from harness import PATIENCE, say
from harness.fleet import Fleet, Silence
from harness.processes import naming
from harness.servers import Consul, Etcd, Kafka, ZooKeeper
from harness.waiting import wait_until

NO_END = 600_000  # ms
SHORT = 500
STORES = {
    "etcd": lambda: Etcd(options=["--heartbeat-interval", "20", "--election-timeout", "200"]),
    "kafka": Kafka,
    "zookeeper": ZooKeeper,
    "consul": Consul,
}


class Wrong(Exception):
    """The guard did what it must not do, or not what it must."""


class Trial:
    """One leader's life. `do` is what it does when it is told to act."""

    def __init__(self, fleet, rng, names, believes, do, lease=NO_END):
        self.fleet, self.rng = fleet, rng
        self.a, self.b = next(names), next(names)
        self.guard_kind = believes
        self.do, self.lease = do, lease
        self.since = time.monotonic_ns()

    # --- what a trial is made of ---

    def begin(self):
        lease = ["--lease-ms", str(self.lease)]
        memory = ["--free-memory", self.rng.choice(["now", "later"])]
        quiet = subprocess.DEVNULL if self.do == "throw" else None  # what it has thrown is no news
        self.fleet.start(self.a, ["--do", self.do, "--guard", self.guard_kind, *lease, *memory], quiet)
        self.await_fact("LEAD", self.a)
        self.fleet.start(self.b, ["--do", "nothing", *lease])
        self.fleet.expect(self.since, "LEADER", self.b, detail=self.a)

    def await_fact(self, what, name):
        return self.fleet.expect(self.since, what, name)

    def act(self):
        self.signal(signal.SIGUSR1)

    def signal(self, number, name=None):
        self.fleet.signal(name or self.a, number)

    def kill(self):
        self.signal(signal.SIGKILL)
        self.fleet.wait(self.a)

    def nobody_else_leads(self, seconds=0.4):
        time.sleep(self.rng.uniform(0.02, seconds))
        if self.heard("LEAD", self.b):
            raise Wrong("another leads, though nothing has died")

    def another_leads(self):
        try:
            self.await_fact("LEAD", self.b)
        except Silence as silence:
            raise Wrong(f"the leader is dead: {silence}") from None

    def heard(self, what, name):
        with self.fleet.news:
            return any(f.what == what and f.name == name for f in self.fleet.said)

    def guard(self):
        """Its process."""
        found = []
        if not wait_until(lambda: found.extend(naming(f"\0{self.fleet.topic}/{self.a}\0".encode())) or found,
                          PATIENCE):
            raise Wrong("there is no guard")
        return found[0]

    def end(self):
        for name in self.a, self.b:
            if name in self.fleet.processes:
                self.signal(signal.SIGCONT, name)
                self.signal(signal.SIGTERM if name == self.b else signal.SIGKILL, name)
                self.fleet.wait(name)
        with self.fleet.news:
            self.fleet.said.clear()


# --- deaths ---

def killed(t):
    t.kill()
    t.another_leads()


def dies_by_itself(t):
    t.act()
    t.fleet.wait(t.a)
    t.another_leads()


# --- what is no death ---

def acts(t):
    """It is told to do what looks like a death, and dies later."""
    t.act()
    t.await_fact("ACTED", t.a)
    t.nobody_else_leads()
    killed(t)


def leaves_a_child(t):
    t.act()
    child = int(t.await_fact("CHILD", t.a).detail)
    t.fleet.wait(t.a)
    try:
        t.nobody_else_leads()
    finally:
        os.kill(child, signal.SIGKILL)
    t.another_leads()


def stopped(t):
    t.signal(signal.SIGSTOP)
    t.nobody_else_leads()
    if t.rng.random() < 0.5:
        t.signal(signal.SIGCONT)
        t.nobody_else_leads(0.1)
    killed(t)


def all_stopped(t):
    """As if the machine were suspended."""
    guard = t.guard()
    for number in signal.SIGSTOP, signal.SIGCONT:
        for name in t.rng.sample([t.a, t.b], 2):
            t.signal(number, name)
        os.kill(guard, number)
        t.nobody_else_leads()
    killed(t)


def closes(t):
    t.act()
    t.await_fact("ACTED", t.a)
    t.another_leads()
    t.kill()
    keeps_leading(t)


def keeps_leading(t):
    time.sleep(t.rng.uniform(0.02, 0.2))
    if t.heard("OUT", t.b):
        raise Wrong("the next leader's term was ended")


# --- guards that are not well ---

def guard_told_to_end(t):
    guard = t.guard()
    for number in signal.SIGTERM, signal.SIGINT, signal.SIGHUP:
        os.kill(guard, number)
    t.nobody_else_leads(0.1)
    killed(t)


def guard_killed(t):
    """The library starts another one."""
    os.kill(t.guard(), signal.SIGKILL)
    t.await_fact("TROUBLE", t.a)
    t.nobody_else_leads()
    t.await_fact("WELL", t.a)
    killed(t)


def guard_paused(t):
    guard = t.guard()
    os.kill(guard, signal.SIGSTOP)
    t.kill()
    try:
        t.nobody_else_leads()  # nobody knows
    finally:
        os.kill(guard, signal.SIGCONT)
    t.another_leads()


def guard_late(t):
    """The lease is over, and another leads, when the guard goes on."""
    guard = t.guard()
    os.kill(guard, signal.SIGSTOP)
    t.kill()
    try:
        t.another_leads()
    finally:
        os.kill(guard, signal.SIGCONT)
    keeps_leading(t)


# By name: what happens, what the leader does when told, the lease, and how often it is drawn.
Way = collections.namedtuple("Way", "happens do lease often", defaults=("nothing", NO_END, 6))
WAYS = {
    "killed": Way(killed),
    "abort": Way(dies_by_itself, "abort"),
    "_exit": Way(dies_by_itself, "_exit"),
    "exit": Way(dies_by_itself, "exit"),
    "segv": Way(dies_by_itself, "segv"),
    "uncaught exception": Way(dies_by_itself, "throw"),
    "stopped": Way(stopped),
    "all stopped": Way(all_stopped),
    "child lives on": Way(leaves_a_child, "leave a child"),
    "another program": Way(acts, "run another program"),
    "first thread ended": Way(acts, "end the first thread"),
    "descriptors closed": Way(acts, "close all descriptors"),
    "uninterruptible": Way(acts, "sleep without being interruptible"),
    "destroyed": Way(acts, "destroy the candidate"),
    "closed": Way(closes, "close the candidate"),
    "guard told to end": Way(guard_told_to_end),
    "guard killed": Way(guard_killed, often=2),
    "guard paused": Way(guard_paused),
    "guard late": Way(guard_late, lease=SHORT, often=2),
}


Drawn = collections.namedtuple("Drawn", "number way seed")


class Trials:
    """As many at a time as there are threads, each on a ledger of its own."""

    def __init__(self, options, servers):
        self.options, self.servers = options, servers
        self.where = f"--store {options.store} --servers {{servers}} --ledger {{topic}}"
        self.random = random.Random(options.seed)
        self.left = options.count
        self.lock = threading.Lock()
        self.counts = collections.Counter()
        self.wrong = []

    def draw(self):
        """The next trial; None: there are enough."""
        with self.lock:
            if self.left == 0 or self.wrong:
                return None
            self.left -= 1
            done = self.options.count - self.left
            if done % 100 == 0:
                say(f"guard trials: {done} of {self.options.count}")
            ways = self.options.way or list(WAYS)
            way = self.random.choices(ways, [WAYS[w].often for w in ways])[0]
            return Drawn(done, way, self.random.randrange(2**32))

    def run(self):
        threads = [threading.Thread(target=self.work, args=[n]) for n in range(self.options.at_a_time)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def work(self, slot):
        try:
            self.hold_in_turn(slot)
        except BaseException as error:
            self.note_wrong(f"before a trial: {error!r}")

    def note_wrong(self, what):
        with self.lock:
            self.wrong.append(what)

    def hold_in_turn(self, slot):
        for n in itertools.count():
            ledger = f"trials-{os.getpid()}-{slot}-{n}"
            with Fleet([self.options.program, "contend"], self.servers, ledger,
                       where=self.where) as fleet:
                names = (f"n{i}" for i in itertools.count())
                precede(fleet, next(names))
                # What a lease has ended, newcomers wait for as long as they read of it.
                while True:
                    drawn = self.draw()
                    if not drawn or not self.hold(drawn, fleet, names):
                        return
                    if WAYS[drawn.way].lease == SHORT:
                        break

    def hold(self, drawn, fleet, names):
        """Whether all went well."""
        way = WAYS[drawn.way]
        trial = Trial(fleet, random.Random(drawn.seed), names, self.options.believes, way.do, way.lease)
        try:
            trial.begin()
            way.happens(trial)
            trial.end()
        except BaseException as error:
            self.note_wrong(f"trial {drawn.number}, {drawn.way}: {error!r}")
            return False
        with self.lock:
            self.counts[drawn.way] += 1
        return True


def precede(fleet, name):
    """On a ledger where nobody has led, the first one waits for the lease; this one's is short."""
    since = time.monotonic_ns()
    fleet.start(name, ["--do", "nothing", "--lease-ms", str(SHORT)])
    fleet.expect(since, "LEAD", name)
    fleet.signal(name, signal.SIGTERM)
    fleet.wait(name)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path, metavar="PROGRAM", help="neli_guard_test")
    parser.add_argument("--count", type=int, default=5000, help="trials [%(default)s]")
    parser.add_argument("--store", choices=STORES, default="etcd", help="[%(default)s]")
    parser.add_argument("--at-a-time", type=int, default=4, metavar="N", help="[%(default)s]")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000_000, help="[drawn]")
    parser.add_argument("--way", choices=WAYS, action="append", help="only these; repeatable")
    parser.add_argument("--believes", choices=["both", "pidfd", "end_of_file"], default="both",
                        help="what a guard takes for a proof: half of it shows that the trials see "
                        "two leaders [%(default)s]")
    return parser.parse_args()


def main():
    options = arguments()
    if options.store == "consul" and not Consul.program():
        print("*** There is no Consul here: nothing was tested on it. scripts/setup --consul makes one.")
        return 0
    say(f"guard trials: seed {options.seed}")
    with STORES[options.store]() as store:
        trials = Trials(options, store.servers)
        trials.run()
    for way, count in sorted(trials.counts.items()):
        print(f"{count:6} {way}")
    for wrong in trials.wrong:
        print(f"{wrong}; seed {options.seed}")
    print(f"{sum(trials.counts.values())} trials, {len(trials.wrong)} wrong")
    return 1 if trials.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
