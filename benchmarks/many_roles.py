# SPDX-License-Identifier: BSL-1.0
"""Many roles over few processes, on a real Kafka: who leads what, and how soon again."""

import collections
import itertools
import random
import signal
import sys
import time

from fleet import Fleet
from harness import PATIENCE, say


def settle(lease_ms):
    """Sleeps until a newcomer knows who leads and could take over at once: one that has read a claim
    and no heartbeat after it waits for the lease first."""
    time.sleep(lease_ms / 1000 + 1)


class Roles(Fleet):
    """Keeps which process leads which role: from LEAD to ENDED, or until the process is killed."""

    def __init__(self, neli, servers, topic, count, lease_ms, words=()):
        super().__init__([neli, "roles"], servers, topic,
                         ["--roles", str(count), "--lease-ms", str(lease_ms), "--no-prober", *words])
        self.count = count
        self.led = {}  # (role, name): since when
        self.over = collections.defaultdict(list)  # by role: the times in which it was led

    def hear(self, fact):
        if fact.what == "LEAD":
            self.led[fact.role, fact.name] = fact.ns
        if fact.what == "ENDED":
            self.end(fact.role, fact.name, fact.ns)

    def end(self, role, name, ns):
        self.over[role].append((self.led.pop((role, name)), ns))

    def all_led(self):
        """Waits until every role is led; returns since when, by role."""
        def roles():
            return {role: since for (role, _), since in self.led.items()}

        with self.news:
            if not self.news.wait_for(
                    lambda: len(self.led) >= self.count and len(roles()) == self.count, PATIENCE):
                sys.exit(f"only {len(roles())} of {self.count} roles are led")
            return roles()

    def shares(self):
        with self.news:
            led = collections.Counter(name for _, name in self.led)
        return {name: led[name] for name in self.processes}

    def kill(self, name):
        """Kills a process; returns its roles, and when it was killed."""
        now = self.signal(name, signal.SIGKILL)
        self.wait(name)
        with self.news:
            roles = [role for role, who in self.led if who == name]
            for role in roles:
                self.end(role, name, now)
        return roles, now

    def close(self):
        for name in self.processes:
            self.signal(name, signal.SIGTERM)
        for name in list(self.processes):
            self.wait(name)

    def led_by_two(self):
        """How many roles were led by two at any time."""
        def overlap(reigns):
            return any(a[1] >= b[0] for a, b in itertools.pairwise(sorted(reigns)))
        return sum(map(overlap, self.over.values()))


def measure(neli, servers, *, topic, roles, processes, lease_ms, kills, idle):
    with Roles(neli, servers, topic, roles, lease_ms) as fleet:
        started = time.monotonic_ns()
        for _ in range(processes):
            fleet.start()
        first = [(ns - started) / 1e6 for ns in fleet.all_led().values()]
        say(f"all led after {max(first):.0f} ms: {fleet.shares()}")
        settle(lease_ms)

        say(f"nothing happens for {idle} s")
        shares = fleet.shares()
        usage, records = fleet.usage_and_records(idle)

        crashes = []
        for i in range(kills):
            shares_now = fleet.shares()
            victim = max(shares_now, key=shares_now.get)
            roles, killed = fleet.kill(victim)
            led = fleet.all_led()
            crashes.append([(led[role] - killed) / 1e6 for role in roles])
            say(f"crash {i + 1}: {len(roles)} roles led again after {max(crashes[-1]):.0f} ms: "
                f"{fleet.shares()}")
            fleet.start(victim)
            settle(lease_ms)
            time.sleep(random.random())  # so that the kills are not in step with the heartbeats
        fleet.close()
        return {"first_ms": first, "crashes_ms": crashes, "records_per_s": records,
                "led_by_two": fleet.led_by_two(),
                "processes": [{"roles": shares[name], **usage[name]} for name in usage]}
