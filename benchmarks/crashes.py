# SPDX-License-Identifier: BSL-1.0
"""Crashes of processes, with guards and without, on a real Kafka.

The time from a leader's last act until the next leader's task starts, and how much of it the kernel
takes to end the process. Each process dies in another way than the one before it.
"""

import dataclasses
import itertools
import os
import select
import signal
import subprocess
import time

import many_roles
from fleet import BUILD, Fleet, Usage, percentile
from harness import say
from harness.processes import naming

NELI = str(BUILD / "tools/neli")
MORTAL = [str(BUILD / "benchmarks/neli_mortal")]
WAYS = ["killed", "segmentation fault", "abort", "uncaught exception", "_exit"]
STANDBYS = 2
LEASE_MS = 3000  # the default

topics = (f"crashes-{time.time_ns() % 10**9}-{i}" for i in itertools.count(1))


def guards():
    """All of this machine."""
    return naming(f"{NELI}\0guard\0".encode())


class Mortals(Fleet):
    """One leads, and the others know that."""

    def join(self, way, resident_mb):
        """A newcomer, which could take over at once."""
        since = time.monotonic_ns()
        name = self.start(options=["--way", way, "--resident-mb", str(resident_mb)],
                          stderr=subprocess.DEVNULL)  # what it throws is no news
        self.expect(since, "LEADER", name)
        return name

    def crash(self, leader):
        """Ms until another leads, ms until the process has ended, and who leads."""
        process = os.pidfd_open(self.processes[leader].pid)
        since = self.signal(leader, signal.SIGUSR1)
        select.select([process], [], [])
        ended = time.monotonic_ns()
        os.close(process)
        died = self.expect(since, "DIES", leader).ns
        led = self.expect(died, "LEAD")
        self.wait(leader)
        with self.news:
            self.said.clear()
        return (led.ns - died) / 1e6, (ended - died) / 1e6, led.name

    def usage_of_guard(self, seconds, others):
        """The guard of the only process, while nothing happens; there were others before it."""
        guard, = set(guards()) - set(others)
        before = Usage.of(guard)
        time.sleep(seconds)
        return Usage.of(guard).since(before)


def succession(servers, variant):
    """By way, all samples in ms; and those of the processes' ends."""
    led, ended = {}, []
    ways = itertools.cycle(WAYS)
    words = [*variant.words, "--lease-ms", str(variant.lease_ms)]
    with Mortals(MORTAL, servers, next(topics), words) as fleet:
        way_of = {}

        def join():
            # A newcomer that reads a claim and no heartbeat after it waits for the lease.
            time.sleep(variant.lease_ms / 4000 + 0.1)
            way = next(ways)
            way_of[fleet.join(way, variant.resident_mb)] = way

        for _ in range(1 + STANDBYS):
            join()
        leader = next(iter(way_of))
        for _ in range(variant.count):
            way = way_of.pop(leader)
            ms, end, leader = fleet.crash(leader)
            led.setdefault(way, []).append(ms)
            ended.append(end)
            join()
    return led, ended


def all_roles(servers, count, crashes):
    """One process leads all roles, and dies beside two that stand by: ms of each role."""
    samples = []
    for _ in range(crashes):
        with many_roles.Roles(NELI, servers, next(topics), count, LEASE_MS, ["--guard"]) as fleet:
            leader = fleet.start()
            fleet.all_led()
            for _ in range(STANDBYS):
                fleet.start()
            many_roles.settle(LEASE_MS)
            roles, killed = fleet.kill(leader)
            led = fleet.all_led()
            samples.append([(led[role] - killed) / 1e6 for role in roles])
            say(f"{len(roles)} roles led again after {max(samples[-1]):.0f} ms")
            if fleet.led_by_two():
                raise SystemExit("two led a role at once")
            fleet.close()
    return samples


def cost(servers, seconds):
    """A leader without a guard, one with it, and the guard."""
    found = {}
    for what, words in ("leader", []), ("leader with a guard", ["--guard", NELI]):
        others = guards()
        with Mortals(MORTAL, servers, next(topics), words) as fleet:
            name = fleet.join(WAYS[0], 0)
            many_roles.settle(LEASE_MS)
            found[what] = fleet.usage(seconds)[name]
            if words:
                found["its guard"] = fleet.usage_of_guard(seconds, others)
    return found


@dataclasses.dataclass(frozen=True)
class Variant:
    name: str
    count: int
    words: list
    resident_mb: int = 0
    lease_ms: int = LEASE_MS


def variants(quick):
    guarded = ["--guard", NELI]
    return [Variant("guard", 10 if quick else 500, guarded),
            Variant("guard, lease 1 s", 5 if quick else 100, guarded, lease_ms=1000),
            Variant("guard, 2 GB", 2 if quick else 50, guarded, resident_mb=2000),
            Variant("guard, 2 GB in huge pages", 2 if quick else 50, [*guarded, "--huge-pages"],
                    resident_mb=2000),
            Variant("guard, 2 GB freed later", 2 if quick else 50, [*guarded, "--free-memory-later"],
                    resident_mb=2000),
            Variant("guard, group", 2 if quick else 10, [*guarded, "--arbitration", "group"]),
            Variant("lease only", 2 if quick else 20, [])]


def measure(servers, quick):
    crashes, ends = {}, {}
    for variant in variants(quick):
        name = variant.name
        crashes[name], ends[name] = succession(servers, variant)
        ms = [t for of_way in crashes[name].values() for t in of_way]
        say(f"crashes, {name}: p50 {percentile(ms, 50):.1f}, p99 {percentile(ms, 99):.1f} ms, n={len(ms)}")
    return {"crashes_ms": crashes, "ends_ms": ends,
            "roles_ms": all_roles(servers, 100 if quick else 1000, 1 if quick else 5),
            "cost": cost(servers, 3 if quick else 20)}
