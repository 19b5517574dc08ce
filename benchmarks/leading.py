# SPDX-License-Identifier: BSL-1.0
"""Who led when, by the lines of the election's processes."""

import dataclasses
import itertools
import signal
import time

from fleet import Fleet
from harness import PATIENCE
from harness.fleet import Silence


@dataclasses.dataclass(frozen=True)
class Reign:
    """The time from its first to its last answer "I lead"; ns of the monotonic clock."""
    name: str
    since: int
    until: int


class Election(Fleet):
    """The processes of one contender's election, and what was done to them."""

    topics = (f"benchmark-{i}" for i in itertools.count(1))

    def __init__(self, contender, servers, words=()):
        super().__init__(contender.command, servers, next(self.topics),
                         [*contender.words, *words], contender.where)
        self.contender = contender
        self.done = []  # (ns, what was done, to whom)
        self.killed = {}

    def start(self, *args, **options):
        at = time.monotonic_ns()
        name = super().start(*args, **options)
        self.done.append((at, "start", name))
        return name

    def signal(self, name, number):
        at = super().signal(name, number)
        self.done.append((at, signal.Signals(number).name[3:].lower(), name))
        if number == signal.SIGKILL:
            self.killed[name] = at
        return at

    def note(self, what):
        """Notes that something was done to all of them, and returns when."""
        at = time.monotonic_ns()
        self.done.append((at, what, ""))
        return at

    def join(self):
        """Starts a newcomer, which can take over when this returns."""
        at = time.monotonic_ns()
        name = self.start()
        self.expect(at, "STARTED", name)
        time.sleep(self.contender.settle)
        return name

    def found(self, candidates):
        """Starts so many candidates, and waits until one leads."""
        at = time.monotonic_ns()
        self.start()
        self.expect(at, "LEAD")
        for _ in range(candidates - 1):
            at = time.monotonic_ns()
            self.expect(at, "STARTED", self.start())
        time.sleep(self.contender.settle)

    def leave(self, name):
        """Makes a process leave in order, and returns when it was told to."""
        at = self.signal(name, signal.SIGTERM)
        self.wait(name)
        return at

    def crash(self, name):
        at = self.signal(name, signal.SIGKILL)
        self.wait(name)
        return at

    def leader(self):
        """The candidate that leads; waits until there is one."""
        def leads():
            now = time.monotonic_ns()
            return [r.name for r in self.reigns(now)
                    if r.until == now and r.name in self.processes]

        with self.news:
            if not self.news.wait_for(leads, PATIENCE):
                raise Silence(f"nobody leads after {PATIENCE:.0f} s")
            return leads()[-1]

    def reigns(self, now):
        """All reigns, until now for a leader that still leads, and until its end for a killed one."""
        all_ = []
        leads = {}
        for fact in list(self.said):
            if fact.what == "LEAD":
                leads.setdefault(fact.name, fact.ns)
            elif fact.what == "NOLEAD":
                since, until = map(int, fact.detail.split())
                all_.append(Reign(fact.name, since, until))
                leads.pop(fact.name, None)
        return all_ + [Reign(name, since, self.killed.get(name, now))
                       for name, since in leads.items()]


def without_leader(reigns, since, until):
    """How long nobody led in that time; ns."""
    total, covered = 0, since
    for reign in sorted(reigns, key=lambda r: r.since):
        if reign.since >= until:
            break
        total += max(0, reign.since - covered)
        covered = max(covered, reign.until)
    return total + max(0, until - covered)


def interruptions(reigns, since, until):
    """How often a leader ceased to lead in that time."""
    return sum(since < r.until < until for r in reigns)


def timeline(election, since, until):
    """The data of a picture, in ms from the first of those moments."""
    def ms(ns):
        return round((ns - since) / 1e6, 1)

    return {"until": ms(until),
            "reigns": [[r.name, ms(max(r.since, since)), ms(min(r.until, until))]
                       for r in election.reigns(until) if r.until > since and r.since < until],
            "done": [[ms(at), what, who] for at, what, who in election.done if since <= at <= until]}
