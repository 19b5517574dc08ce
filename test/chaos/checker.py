# SPDX-License-Identifier: BSL-1.0
"""Decides, by a history, whether the promises were kept."""

import collections
import dataclasses
import heapq
import itertools

from history import Calm, Ended, Fault, Saw, Write

SECOND = 10**9
# How late a sighting may be told: they are told every 50 ms.
BLUR = SECOND // 10
LINK_FAULTS = ("cut", "delay")


@dataclasses.dataclass
class Verdict:
    """What was broken, in words and by kind, and figures."""
    broken: dict
    figures: dict

    def __init__(self):
        self.broken = collections.defaultdict(list)
        self.figures = {}


def judge(history):
    verdict = Verdict()
    saws = sorted(history.of(Saw), key=lambda s: (s.start, s.end))
    reigns = reigns_of(saws)
    check_overlaps(saws, verdict)
    check_tokens(history, saws, verdict)
    check_writes(history.of(Write), verdict)
    check_leaderless(history, reigns, verdict)
    check_recoveries(history, reigns, verdict)
    check_ends(history, verdict)
    verdict.figures["terms"] = len(reigns)
    return verdict


def ms(ns):
    return f"{ns / 1e6:.3f} ms"


# --- no two at once ---

def overlap(a, b):
    """Whether there is an instant at which both led. Also right for single answers: a sighting
    that ends before it starts overlaps only one that covers all of it."""
    return a.start <= b.end and b.start <= a.end


def check_overlaps(saws, verdict):
    active, longest = [], 0
    for saw in sorted(saws, key=lambda s: min(s.start, s.end)):
        active = [a for a in active if max(a.start, a.end) >= min(saw.start, saw.end)]
        for other in active:
            if other.who != saw.who and overlap(other, saw):
                lasted = max(0, min(other.end, saw.end) - max(other.start, saw.start))
                longest = max(longest, lasted)
                verdict.broken["overlap"].append(
                    f"{other.who} (token {other.token}) and {saw.who} (token {saw.token}) led at "
                    f"once at {saw.start}, for {ms(lasted)}")
        active.append(saw)
    verdict.figures["overlaps"] = len(verdict.broken["overlap"])
    verdict.figures["longest_overlap_ms"] = longest / 1e6


# --- tokens and writes ---

def check_tokens(history, saws, verdict):
    saws = [s for s in saws if s.token]  # a leader that stopped before it told its token has none
    owners = {}
    for token, who in itertools.chain(((s.token, s.who) for s in saws),
                                      ((w.token, w.who) for w in history.of(Write))):
        if owners.setdefault(token, who) != who:
            verdict.broken["token"].append(f"{owners[token]} and {who} both had token {token}")
    over, highest = [], None
    for saw in sorted(saws, key=lambda s: min(s.start, s.end)):
        while over and over[0][0] < min(saw.start, saw.end):
            _, before = heapq.heappop(over)
            highest = max(before, highest or before, key=lambda s: s.token)
        if highest and saw.token < highest.token:
            verdict.broken["token"].append(
                f"{saw.who} led with token {saw.token} at {saw.start}, after {highest.who} had "
                f"with {highest.token}")
        heapq.heappush(over, (max(saw.start, saw.end), saw))


def check_writes(writes, verdict):
    highest = 0
    for write in writes:
        if write.accepted and write.token < highest:
            verdict.broken["write"].append(f"{write.who}'s write with token {write.token} was "
                                           f"accepted after one with {highest}")
        if not write.accepted and write.token >= highest:
            verdict.broken["write"].append(f"{write.who}'s write with token {write.token} was "
                                           f"refused, the highest being {highest}")
        if write.accepted:
            highest = max(highest, write.token)
    verdict.figures["accepted"] = sum(w.accepted for w in writes)
    verdict.figures["refused"] = sum(not w.accepted for w in writes)


# --- somebody leads, unless a fault explains that nobody does ---

@dataclasses.dataclass
class Reign:
    """A term, from when its holder was first seen to lead to when it was last seen."""
    who: str
    start: int
    end: int

    @property
    def candidate(self):
        return self.who.partition(".")[0]


def reigns_of(saws):
    reigns = {}
    for saw in saws:
        start, end = sorted([saw.start, saw.end])
        reign = reigns.setdefault((saw.who, saw.token), Reign(saw.who, start, end))
        reign.end = max(reign.end, end)
    return sorted(reigns.values(), key=lambda r: r.start)


def union(spans):
    merged = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return merged


def subtract(spans, others):
    """The parts of the spans that are in none of the others."""
    left = []
    others = union(others)
    for start, end in spans:
        for a, b in others:
            if b <= start or a >= end:
                continue
            if a > start:
                left.append((start, a))
            start = max(start, b)
        if start < end:
            left.append((start, end))
    return left


def excuses(history, reigns):
    """The times in which a fault explains that nobody leads."""
    setting = history.setting
    faults = history.of(Fault)
    nodes = [f for f in faults if f.whom.startswith("node")]
    for fault in faults:
        if fault in nodes:
            yield from turns(fault, setting.node_bound)
        elif fault.what in LINK_FAULTS and led(reigns, fault.whom, fault.begin, fault.end):
            # The candidate led meanwhile, and may have led and lost again and again.
            yield fault.begin - BLUR, fault.end + setting.candidate_bound * SECOND
        else:
            yield from (turn for turn in turns(fault, setting.candidate_bound)
                        if matters(fault, turn, reigns, setting))
    for a, b in itertools.combinations(nodes, 2):  # the majority
        begin, end = max(a.begin, b.begin), min(a.end, b.end)
        if begin < end and a.whom != b.whom:
            yield begin - BLUR, end + setting.node_bound * SECOND


def turns(fault, bound):
    """The times in which a fault costs something: when it happens and when it is mended."""
    yield fault.begin - BLUR, fault.down + bound * SECOND
    yield fault.up - BLUR, fault.end + bound * SECOND


def matters(fault, turn, reigns, setting):
    """Whether the fault met the leader, or there was none. In a mixed election every fault
    matters, as the group unseats a leader that it did not choose."""
    at = turn[0] + BLUR
    return (setting.mixed or led(reigns, fault.whom, at, at)
            or not any(led(reigns, candidate, at, at) for candidate in setting.electors))


def led(reigns, candidate, start, end):
    return any(r.candidate == candidate and r.start - BLUR <= end and r.end + BLUR >= start
               for r in reigns)


def check_leaderless(history, reigns, verdict):
    setting = history.setting
    gaps = subtract([(setting.began, setting.ended)], [(r.start, r.end) for r in reigns])
    for start, end in subtract(gaps, excuses(history, reigns)):
        verdict.broken["silence"].append(
            f"nobody led from {start} for {ms(end - start)}, which no fault explains")
    lengths = [(end - start) / 1e9 for start, end in gaps]
    verdict.figures["run_s"] = (setting.ended - setting.began) / 1e9
    verdict.figures["leaderless_s"] = sum(lengths)
    verdict.figures["longest_leaderless_s"] = max(lengths, default=0)


def check_recoveries(history, reigns, verdict):
    waits = []
    for calm in history.of(Calm):
        later = [r.start for r in reigns if r.end >= calm.at]
        wait = (max(0, min(later) - calm.at) if later else SECOND * 10**6) / 1e9
        waits.append(wait)
        if wait > history.setting.recovery_bound:
            verdict.broken["wedge"].append(
                f"nobody led within {history.setting.recovery_bound} s of {calm.at}, when the last "
                "fault was over")
    verdict.figures["episodes"] = len(waits)
    verdict.figures["longest_recovery_s"] = max(waits, default=0)


def check_ends(history, verdict):
    for ended in history.of(Ended):
        if not ended.asked:
            verdict.broken["end"].append(f"{ended.who} ended by itself, with {ended.status}")
        elif ended.status != 0:
            verdict.broken["end"].append(f"{ended.who} was asked to leave and ended with {ended.status}")
        elif ended.took > history.setting.leave_bound * SECOND:
            verdict.broken["end"].append(f"{ended.who} took {ms(ended.took)} to leave")
