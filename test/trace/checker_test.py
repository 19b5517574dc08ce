#!/usr/bin/env python3
"""The checker of traces must refuse what the protocol forbids. From one candidate's trace that
keeps to it, each case makes one that does not."""

import copy
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CHECKER = Path(__file__).resolve().parents[2] / "scripts" / "trace"
MS = 10**6
LEASE = 1000 * MS
TERM = 50


def line(ms, what, out=(), **rest):
    return {"ns": ms * MS, "wall_ms": TERM, "in": {"what": what, **rest}, "out": list(out)}


def did(what, **rest):
    return {"what": what, **rest}


def claim(who, term, based_on):
    return {"v": 1, "kind": "claim", "role": "r", "id": who, "name": who, "metadata": "",
            "lease_ms": 1000, "term": term, "based_on": based_on}


def heartbeat(who, term, seq, based_on, **rest):
    return {"v": 1, "kind": "heartbeat", "id": who, "name": who, "metadata": "", "lease_ms": 1000,
            "seq": seq, "based_on": based_on, "terms": {"r": term}, **rest}


def release(who, term, based_on, **rest):
    return {"v": 1, "kind": "release", "role": "r", "id": who, "term": term, "based_on": based_on,
            **rest}


def barrier(number, kind, term):
    return did("run_barrier", role="r", id=number, event={"kind": kind, "term": term})


def leads(until_ms, term=TERM):
    return did("lead", role="r", term=term, until_ns=until_ms * MS)


def history(who="a", start=0, first=11, term=TERM):
    """Synced by the release of an old term at offset first - 1; leads from then to 500 ms, in
    order."""
    t = start
    return [
        line(t, "start", [did("read_back", records=1000)], id=who, name=who, arbitration="ledger",
             lease_ms=1000, heartbeat_ms=250, barrier_timeout_ms=500, drift_ppm=10000),
        line(t, "contend", role="r"),
        line(t, "reading", since=first - 1, beginning=False),
        line(t, "read", at=first - 1, record=release("old", term - 40, first - 2)),
        line(t + 1, "end_reached", [did("append", ticket=1, record=claim(who, term, first - 1))]),
        line(t + 5, "read", [barrier(1, "acquired", term)], at=first,
             record=claim(who, term, first - 1)),
        line(t + 9, "barrier_done", [leads(t + 1001, term)], role="r", id=1),
        line(t + 251, "tick", [did("append", ticket=2, record=heartbeat(who, term, 1, first))]),
        line(t + 255, "read", [leads(t + 1251, term)], at=first + 1,
             record=heartbeat(who, term, 1, first)),
        line(t + 480, "close", [did("stop_leading", role="r"), barrier(2, "revoked", term)],
             role="r"),
        line(t + 490, "barrier_done",
             [did("append", ticket=3, record=release(who, term, first + 1))], role="r", id=2),
        line(t + 500, "appended", [did("finished", role="r")], ticket=3),
    ]


def check(*traces):
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for i, trace in enumerate(traces):
            paths.append(Path(folder, f"{i}.jsonl"))
            paths[-1].write_text("\n".join(json.dumps(one) for one in trace) + "\n")
        done = subprocess.run([CHECKER, *paths], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


class Checker(unittest.TestCase):
    def setUp(self):
        self.trace = copy.deepcopy(history())

    def refuses(self, why, *others):
        status, said = check(self.trace, *others)
        self.assertEqual(status, 1, said)
        self.assertIn(why, said)

    def test_takes_what_keeps_to_the_protocol(self):
        status, said = check(self.trace, history("b", 520, 15, TERM + 1))
        self.assertEqual(status, 0, said)
        self.assertIn("2 terms led", said)

    def test_a_lease_that_counts_from_the_reading(self):
        self.trace[8]["out"] = [leads(1255)]
        self.refuses("rule 4")

    def test_a_claim_that_was_not_read(self):
        self.trace[5]["in"]["record"] = None
        self.refuses("rules 1, 2")

    def test_a_claim_that_another_overtook(self):
        self.trace.insert(5, line(3, "read", at=11, record=claim("b", TERM + 1, 10)))
        self.trace[6]["in"]["at"] = 12
        self.refuses("rules 1, 2")

    def test_a_lease_that_is_not_waited_for(self):
        self.trace[3]["in"]["record"] = heartbeat("old", TERM - 40, 1, 9)
        self.refuses("one who may lead")

    def test_a_wait_that_was_told(self):
        self.trace[3]["in"]["record"]["wait_ms"] = 700
        self.refuses("rule 3")

    def test_one_drift_too_short(self):
        self.trace[3]["in"]["record"] = heartbeat("old", TERM - 40, 1, 9)
        for one in self.trace[4:]:
            one["ns"] += 1010 * MS
            for action in one["out"]:
                if "until_ns" in action:
                    action["until_ns"] += 1010 * MS
        self.refuses("one who may lead")

    def test_who_does_not_know_the_ledger(self):
        self.trace[3]["in"]["record"]["based_on"] = -1
        self.refuses("does not know the ledger")

    def test_a_claim_with_a_wrong_basis(self):
        self.trace[4]["out"][0]["record"]["based_on"] = 5
        self.refuses("based on")

    def test_a_term_that_does_not_grow(self):
        self.trace[4]["out"][0]["record"]["term"] = TERM - 40
        self.refuses("does not grow")

    def test_no_right(self):
        self.trace[0]["in"]["arbitration"] = "group"
        self.refuses("without the right")

    def test_leading_before_the_barrier_has_returned(self):
        self.trace[5]["out"].append(leads(1001))
        self.refuses("before its barrier")

    def test_a_release_without_the_barrier(self):
        self.trace[9] = line(480, "close", [did("append", ticket=3, record=release("a", TERM, 12))],
                             role="r")
        self.refuses("without the barrier")

    def test_a_release_before_the_barrier_has_returned(self):
        self.trace[9]["out"].append(did("append", ticket=3, record=release("a", TERM, 12)))
        self.refuses("before the barrier")

    def test_a_heartbeat_after_the_release(self):
        self.trace[11]["out"].insert(
            0, did("append", ticket=4, record=heartbeat("a", TERM, 2, 12)))
        self.refuses("not held")

    def test_leading_after_the_lease(self):
        self.trace[9] = line(1300, "tick", [leads(1251)])
        self.refuses("rules 1, 2")

    def test_a_hand_over_while_it_says_yes(self):
        del self.trace[9]["out"][0]
        self.refuses("while it says yes")

    def test_a_withdrawal_that_vouches(self):
        self.trace[5] = line(3, "close", [did("append", ticket=2, record=release("a", TERM, 10))],
                             role="r")
        self.refuses("vouches")

    def test_a_wait_told_too_short(self):
        self.trace[3]["in"]["record"]["wait_ms"] = 700
        self.trace[5] = line(5, "read", at=11, record=claim("a", TERM, 10))
        self.trace[6] = line(251, "tick", [
            did("append", ticket=2, record=heartbeat("a", TERM, 1, 11, wait_ms={"r": 400}))])
        del self.trace[7:]
        self.refuses("400 ms is not how long")

    def test_the_group_gets_back_what_is_held(self):
        self.trace[9] = line(480, "revoked", [did("give_back", role="r")], role="r")
        self.refuses("still held")

    def test_two_at_once(self):
        self.refuses("while", history("b", 400, 15, TERM + 1))

    def test_an_acquisition_during_anothers_orderly_barrier(self):
        self.trace[8]["out"][0]["until_ns"] = 1251 * MS
        self.refuses("before a's barrier", history("b", 480, 15, TERM + 1))

    def test_different_ledgers(self):
        other = history("b", 520, 15, TERM + 1)
        other.insert(3, line(520, "read", at=10, record=claim("z", 1, 1)))
        self.refuses("different records", other)

    def test_no_json(self):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
            file.write("{}\nnonsense\nnonsense\n")
            file.flush()
            done = subprocess.run([CHECKER, file.name], capture_output=True, text=True, check=False)
        self.assertNotEqual(done.returncode, 0)


if __name__ == "__main__":
    sys.exit(unittest.main())
