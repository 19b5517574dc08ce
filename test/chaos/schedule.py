# SPDX-License-Identifier: BSL-1.0
"""Draws the faults. The same seed gives the same schedule; a longer run draws more of it."""

import random
from typing import NamedTuple

CANDIDATES = 5
NODES = 3

# Drawn as a deck of cards, so that even a short run meets most kinds.
DECK = (["pause"] * 4 + ["kill"] * 3 + ["leave"] * 2 + ["cut"] * 4 + ["delay"] * 2 +
        ["pause-node"] * 2 + ["kill-node", "stop-node", "roll"])
LASTS = (0.3, 1, 2, 4, 7)  # s, about: shorter than a lease to longer than a session
CUTS = ("silent", "there", "back", "reset")


class Drawn(NamedTuple):
    """A fault to come. Its target is chosen when it happens: the leader, or a candidate by number."""
    at: float  # s after the episode's beginning
    lasts: float  # s
    what: str
    leader: bool
    number: int  # of the candidate (unless the leader is meant), or of the node
    nodes: tuple  # from which a candidate is cut off
    how: str  # the kind of cut
    delay: float  # s

    def __str__(self):
        whom = ("the nodes" if self.what == "roll" else f"node{self.number}"
                if is_of_node(self.what) else "the leader" if self.leader else f"c{self.number}")
        return f"{self.at:.1f} s: {self.told_of(whom, self.lasts)}"

    def told_of(self, whom, lasts):
        how = {"cut": f" from {', '.join(map(str, self.nodes))} ({self.how})",
               "delay": f" by {self.delay * 1000:.0f} ms"}.get(self.what, "")
        return f"{self.what} {whom}{how} for {lasts:.1f} s"


class Episode(NamedTuple):
    faults: tuple
    calm: float  # s with a leader and without a fault


def is_of_node(what):
    return what.endswith("-node") or what == "roll"


def draw(seed):
    """Episodes without end. The first two pause the leader until another candidate leads. An elector
    without a lease does not survive this, so it is not left to chance."""
    rng = random.Random(seed)
    for _ in range(2):
        pause = draw_fault(rng, "pause")
        yield Episode((pause._replace(leader=True, lasts=rng.uniform(6, 8)),), rng.uniform(0.5, 3))
    deck = []
    while True:
        faults = []
        for _ in range(rng.choice((1, 1, 2, 2, 3))):
            if not deck:
                deck = rng.sample(DECK, len(DECK))
            faults.append(draw_fault(rng, deck.pop()))
        yield Episode(tuple(sorted(faults)), rng.uniform(0.5, 3))


def draw_fault(rng, what):
    everywhere = tuple(range(1, NODES + 1))
    return Drawn(at=rng.uniform(0, 3), lasts=rng.choice(LASTS) * rng.uniform(0.8, 1.2), what=what,
                 leader=rng.random() < 0.7,
                 number=rng.randint(1, NODES if is_of_node(what) else CANDIDATES),
                 nodes=everywhere if rng.random() < 0.6 else
                 tuple(sorted(rng.sample(everywhere, rng.randint(1, NODES - 1)))),
                 how=rng.choice(CUTS), delay=rng.choice((0.05, 0.2, 0.6, 1.5)))
