#!/usr/bin/env python3
"""The checker of traces must refuse what the protocol forbids. Each case takes one candidate's
trace that keeps to the protocol, and changes it into one that does not."""

import copy
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from checker import check
from departure import Departure

COMMAND = Path(__file__).resolve().parents[2] / "scripts" / "trace"
MS = 10**6
LEASE = 1000 * MS
TERM = 50
# The lines of a history
(START, CONTEND, READING, FIRST, SYNCED, END, CLAIMED, LEADS, BEAT, BEATEN, CLOSE, RELEASE,
 FINISHED) = range(13)


def line(ms, what, out=(), **rest):
    return {"ns": ms * MS, "in": {"what": what, **rest}, "out": list(out)}


def read(ms, at, record, out=(), *, stamp=1, log="one"):
    return line(ms, "read", out, at=at, stamp=stamp, fingerprint=mark(at, log), record=record)


def mark(at, log="one"):
    """The fingerprint of the record at that offset."""
    return (1000 if log == "one" else 2000) + at


def next_term(ms, stamp=TERM - 1):
    """The log's time so long after a record with that stamp was read."""
    return stamp + ms * 98 // 100 + 1


def did(what, **rest):
    return {"what": what, **rest}


def basis(at):
    return {"based_on": at, "seen": mark(at)} if at >= 0 else {"based_on": at}


def claim(who, term, based_on):
    return {"v": 1, "kind": "claim", "role": "r", "id": who, "name": who, "metadata": "",
            "lease_ms": 1000, "term": term, **basis(based_on)}


def heartbeat(who, term, seq, based_on, **rest):
    return {"v": 1, "kind": "heartbeat", "id": who, "name": who, "metadata": "", "lease_ms": 1000,
            "seq": seq, **basis(based_on), "terms": {"r": term} if term else {}, **rest}


def release(who, term, based_on, **rest):
    return {"v": 1, "kind": "release", "role": "r", "id": who, "term": term, **basis(based_on),
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
        line(t, "reading", since=first - 2, beginning=False, log=""),
        read(t, first - 2, None, stamp=term - 1),
        read(t, first - 1, release("old", term - 40, first - 2)),
        line(t + 1, "end_reached", [did("append", ticket=1, record=claim(who, term, first - 1))]),
        read(t + 5, first, claim(who, term, first - 1), [barrier(1, "acquired", term)]),
        line(t + 9, "barrier_done", [leads(t + 1001, term)], role="r", id=1),
        line(t + 251, "tick", [did("append", ticket=2, record=heartbeat(who, term, 1, first))]),
        read(t + 255, first + 1, heartbeat(who, term, 1, first), [leads(t + 1251, term)]),
        line(t + 480, "close", [did("stop_leading", role="r"), barrier(2, "revoked", term)],
             role="r"),
        line(t + 490, "barrier_done",
             [did("append", ticket=3, record=release(who, term, first + 1))], role="r", id=2),
        line(t + 500, "appended", [did("finished", role="r")], ticket=3),
    ]


def written(folder, traces):
    """A file for each."""
    paths = [Path(folder, f"{i}.jsonl") for i in range(len(traces))]
    for path, trace in zip(paths, traces):
        path.write_text("\n".join(json.dumps(one) for one in trace) + "\n")
    return paths


def departure(*traces):
    """What is said against them; empty: nothing."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            check(written(folder, traces))
        except Departure as d:
            return str(d)
    return ""


class Checker(unittest.TestCase):
    def setUp(self):
        self.trace = copy.deepcopy(history())

    def refuses(self, why, *others):
        self.assertIn(why, departure(self.trace, *others))

    def takes_it(self):
        self.assertEqual(departure(self.trace), "")

    def test_takes_traces_that_keep_to_the_protocol(self):
        self.assertEqual(departure(self.trace, history("b", 520, 15, TERM + 1)), "")

    def goes_on(self, *lines):
        """Puts these lines after the one that reads the heartbeat back, in place of the rest."""
        self.trace[BEATEN + 1:] = lines

    def test_a_lease_that_counts_from_the_reading(self):
        self.trace[BEATEN]["out"] = [leads(1255)]
        self.refuses("rule 4")

    def test_a_claim_that_was_not_read(self):
        self.trace[CLAIMED]["in"]["record"] = None
        self.refuses("rules 1, 2")

    def test_a_claim_that_another_overtook(self):
        self.trace[CLAIMED] = read(5, 12, claim("a", TERM, 10), [barrier(1, "acquired", TERM)])
        self.trace.insert(CLAIMED, read(3, 11, claim("b", TERM + 1, 10)))
        self.refuses("rules 1, 2")

    def test_a_claim_whose_author_had_read_another_log(self):
        self.trace[CLAIMED]["in"]["record"]["seen"] = mark(10, "another")
        self.refuses("rules 1, 2")

    def test_a_lease_that_is_not_waited_for(self):
        self.trace[SYNCED]["in"]["record"] = heartbeat("old", TERM - 40, 1, 9)
        self.refuses("one who may lead")

    def test_a_wait_that_was_told(self):
        self.trace[SYNCED]["in"]["record"]["wait_ms"] = 700
        self.refuses("rule 3")

    def test_a_wait_that_is_one_drift_too_short(self):
        self.trace[SYNCED]["in"]["record"] = heartbeat("old", TERM - 40, 1, 9)
        for one in self.trace[END:]:
            one["ns"] += 1010 * MS
            for action in one["out"]:
                if "until_ns" in action:
                    action["until_ns"] += 1010 * MS
        self.refuses("one who may lead")

    def test_a_claim_of_a_reader_that_does_not_know_the_ledger(self):
        self.trace[SYNCED]["in"]["record"]["based_on"] = -1
        self.refuses("does not know the ledger")

    def test_a_reader_synced_by_an_author_that_had_read_another_log(self):
        self.trace[SYNCED]["in"]["record"]["seen"] = mark(9, "another")
        self.refuses("does not know the ledger")

    def test_a_reader_synced_by_a_record_based_on_what_it_has_not_read(self):
        self.trace[SYNCED]["in"]["record"] = release("old", TERM - 40, 8)
        self.refuses("does not know the ledger")

    def test_a_reader_synced_by_a_heartbeat_that_a_release_has_overtaken(self):
        self.trace[SYNCED]["in"]["record"] = release("old", TERM - 40, -1)
        self.trace.insert(END, read(0, 11, heartbeat("old", TERM - 40, 1, 9)))
        self.trace[END + 1]["ns"] = 2000 * MS
        self.trace[END + 1]["out"][0]["record"].update(**basis(11))
        self.refuses("does not know the ledger")

    def test_takes_a_reader_synced_by_a_record_without_a_fingerprint(self):
        self.trace[SYNCED]["in"]["record"]["based_on"] = 8
        del self.trace[SYNCED]["in"]["record"]["seen"]
        self.takes_it()

    def test_a_claim_with_a_wrong_basis(self):
        self.trace[END]["out"][0]["record"]["based_on"] = 5
        self.refuses("based on")

    def test_a_claim_that_names_another_record_than_was_read(self):
        self.trace[END]["out"][0]["record"]["seen"] = mark(9)
        self.refuses("names another record")

    def test_a_heartbeat_that_does_not_say_what_was_read(self):
        del self.trace[BEAT]["out"][0]["record"]["seen"]
        self.refuses("names another record")

    def test_a_release_that_names_another_record_than_was_read(self):
        self.trace[RELEASE]["out"][0]["record"]["seen"] = mark(11)
        self.refuses("names another record")

    def test_a_term_that_does_not_grow(self):
        self.trace[END]["out"][0]["record"]["term"] = TERM - 40
        self.refuses("does not grow")

    def test_a_term_that_leaves_numbers_out(self):
        self.trace[END]["out"][0]["record"]["term"] = TERM + 1
        self.refuses("not the next")

    def test_a_term_that_is_not_beyond_the_logs_time(self):
        self.trace[SYNCED]["in"]["stamp"] = TERM
        self.refuses("not the next")

    def test_a_claim_without_the_right(self):
        self.trace[START]["in"]["arbitration"] = "group"
        self.refuses("without the right")

    def test_leading_before_the_barrier_has_returned(self):
        self.trace[CLAIMED]["out"].append(leads(1001))
        self.refuses("before its barrier")

    def test_a_release_without_the_barrier(self):
        self.trace[CLOSE] = line(480, "close", [
            did("append", ticket=3, record=release("a", TERM, 12))], role="r")
        self.refuses("without the barrier")

    def test_a_release_before_the_barrier_has_returned(self):
        self.trace[CLOSE]["out"].append(did("append", ticket=3, record=release("a", TERM, 12)))
        self.refuses("before the barrier")

    def test_a_heartbeat_after_the_release(self):
        self.trace[FINISHED]["out"].insert(
            0, did("append", ticket=4, record=heartbeat("a", TERM, 2, 12)))
        self.refuses("not held")

    def test_a_heartbeat_that_says_nothing(self):
        self.goes_on(line(300, "tick", [did("append", ticket=3, record=heartbeat("a", 0, 2, 12))]))
        self.refuses("says nothing")

    def test_leading_after_the_lease(self):
        self.trace[CLOSE] = line(1300, "tick", [leads(1251)])
        self.refuses("rules 1, 2")

    def test_a_hand_over_while_is_leader_says_yes(self):
        del self.trace[CLOSE]["out"][0]
        self.refuses("while it says yes")

    def withdraws(self, **basis):
        withdrawal = {**release("a", TERM, -1), **basis}
        self.trace[CLAIMED:] = [
            line(3, "close", [did("append", ticket=2, record=withdrawal)], role="r")]

    def test_takes_a_withdrawal(self):
        self.withdraws()
        self.takes_it()

    def test_a_withdrawal_that_vouches(self):
        self.withdraws(based_on=10)
        self.refuses("vouches")

    def test_a_withdrawal_that_says_what_was_read(self):
        self.withdraws(seen=mark(10))
        self.refuses("vouches")

    def test_a_wait_told_too_short(self):
        self.trace[SYNCED]["in"]["record"]["wait_ms"] = 700
        self.trace[CLAIMED:] = [
            read(5, 11, claim("a", TERM, 10)),
            line(251, "tick", [
                did("append", ticket=2, record=heartbeat("a", TERM, 1, 11, wait_ms={"r": 400}))])]
        self.refuses("400 ms is not how long")

    def test_a_role_given_back_while_it_is_held(self):
        self.trace[CLOSE] = line(480, "asked_back", [did("give_back", role="r")], role="r")
        self.refuses("still held")

    def test_two_leaders_at_once(self):
        self.refuses("while", history("b", 400, 15, TERM + 1))

    def test_an_acquisition_during_anothers_orderly_barrier(self):
        self.trace[BEATEN]["out"][0]["until_ns"] = 1251 * MS
        self.refuses("before a's barrier", history("b", 480, 15, TERM + 1))

    def test_different_ledgers(self):
        other = history("b", 520, 12, TERM + 1)
        other[FIRST]["in"]["fingerprint"] += 1000
        other[SYNCED]["in"]["record"]["seen"] += 1000
        self.refuses("different records", other)

    def test_different_records_of_one_fingerprint(self):
        other = history("b", 520, 15, TERM + 1)
        other[FIRST]["in"]["fingerprint"] = mark(10)
        other[SYNCED]["in"]["record"]["seen"] = mark(10)
        self.refuses("the same fingerprint", other)

    def test_telling_of_a_lower_term_than_before(self):
        self.goes_on(*(line(300, "tick", [did("emit", role="r", event={
            "kind": "changed", "term": term})]) for term in (TERM, TERM - 1)))
        self.refuses("after a later term")

    # --- claims that came to nothing ---

    def claims_again(self, ms, outcome):
        at = 11 if outcome["in"]["what"] == "read" else 10
        self.trace[CLAIMED:] = [outcome, line(ms, "tick", [
            did("append", ticket=2, record=claim("a", next_term(ms), at))])]

    def void(self):
        record = claim("a", TERM, 10)
        record["seen"] = mark(10, "another")
        return read(5, 11, record)

    def test_a_claim_soon_after_one_that_came_back_void(self):
        self.claims_again(254, self.void())
        self.refuses("too soon")

    def test_takes_a_claim_a_heartbeat_period_after_one_that_came_back_void(self):
        self.claims_again(255, self.void())
        self.takes_it()

    def test_takes_a_claim_soon_after_one_that_was_void_by_another_term(self):
        self.trace[CLAIMED:] = [
            read(2, 11, claim("b", TERM, 10)), read(3, 12, release("b", TERM, 11)),
            read(5, 13, claim("a", TERM, 10)),
            line(6, "tick", [did("append", ticket=2, record=claim("a", next_term(6), 13))])]
        self.takes_it()

    def test_a_claim_soon_after_one_whose_append_failed(self):
        self.claims_again(254, line(5, "append_failed", ticket=1))
        self.refuses("too soon")

    def test_a_claim_during_the_lease_that_protects_a_barrier_given_up(self):
        self.protects_after("abandon_barrier")

    def test_a_claim_during_the_lease_that_protects_a_barrier_cancelled(self):
        self.protects_after("cancel_barrier")

    def protects_after(self, action):
        fenced = {"kind": "fenced", "term": TERM}
        self.goes_on(
            line(300, "reading", [did("stop_leading", role="r"), did("emit", role="r", event=fenced),
                                  did("run_barrier", role="r", id=2, event=fenced)],
                 since=11, beginning=True, log="another"),
            read(300, 11, release("b", 3000, 10), log="another"),
            line(1250, "tick", [did(action, role="r", id=2)]),
            line(1250, "barrier_done", role="r", id=2),
            line(1250, "end_reached", [did("append", ticket=3, record={
                **claim("a", 3001, 11), "seen": mark(11, "another")})]))
        del self.trace[BEATEN + 2]["in"]["record"]["seen"]
        self.trace[READING]["in"]["log"] = "one"
        self.refuses("too soon")
        for one in self.trace[-2:]:
            one["ns"] += MS
        self.takes_it()

    # --- the log's time ---

    def knows_no_term(self, *since):
        """Reads an empty log and waits a lease."""
        self.trace[READING:] = [line(0, "reading", since=0, beginning=True, log=""),
                                line(1, "end_reached"), *since]

    def test_a_claim_before_the_logs_time_is_known(self):
        self.knows_no_term(line(1022, "tick", [did("append", ticket=1, record=claim("a", 1, -1))]))
        self.refuses("does not know the log's time")

    def test_takes_a_candidate_that_asks_for_the_logs_time(self):
        self.knows_no_term(
            line(2, "tick", [did("append", ticket=1, record=heartbeat("a", 0, 1, -1))]),
            read(5, 0, heartbeat("a", 0, 1, -1), stamp=TERM),
            line(1025, "tick", [did("append", ticket=2, record=claim(
                "a", next_term(1020, TERM), 0))]))
        self.takes_it()

    def claims_late(self, term):
        self.trace[END:] = [line(100, "end_reached", [
            did("append", ticket=1, record=claim("a", term, 10))])]

    def test_takes_a_term_by_the_logs_time_now(self):
        self.claims_late(next_term(100))
        self.takes_it()

    def test_a_term_by_the_logs_time_when_it_was_read(self):
        self.claims_late(TERM)
        self.refuses("not the next")

    def test_a_term_by_a_clock_that_may_be_fast(self):
        self.claims_late(TERM + 100)
        self.refuses("not the next")

    # --- reading again, while it leads ---

    def reads_again(self, since, log=""):
        return line(300, "reading", [], since=since, beginning=False, log=log)

    def leads_on(self, last=12):
        return line(400, "tick", [
            did("append", ticket=3, record=heartbeat("a", TERM, 2, last))])

    def test_takes_a_leader_that_goes_on_in_the_same_log(self):
        beat = self.trace[BEATEN]["in"]
        self.goes_on(self.reads_again(10), *self.trace[SYNCED:END],
                     read(300, 11, claim("a", TERM, 10)), read(300, 12, beat["record"]),
                     line(300, "end_reached"), self.leads_on())
        self.takes_it()

    def test_leading_on_over_a_hole(self):
        self.goes_on(self.reads_again(13), self.leads_on())
        self.refuses("says yes for r without a term")

    def test_leading_on_over_a_log_of_another_name(self):
        self.trace[READING]["in"]["log"] = "one"
        self.goes_on(self.reads_again(9, "another"), self.leads_on())
        self.refuses("says yes for r without a term")

    def test_a_heartbeat_over_a_hole(self):
        self.goes_on(self.reads_again(13), self.leads_on())
        self.trace[-2]["out"] = [did("stop_leading", role="r")]
        del self.trace[-1]["out"][0]["record"]["seen"]
        self.refuses("not held")

    def test_another_record_at_a_known_offset(self):
        self.goes_on(self.reads_again(9), read(300, 9, None, [did("read_back", records=1000)],
                                               log="another"))
        self.refuses("says yes for r without a term")

    def test_another_record_at_a_known_offset_without_reading_again(self):
        self.goes_on(self.reads_again(9), read(300, 9, None, [did("stop_leading", role="r")],
                                               log="another"))
        self.refuses("does not read again")

    def test_the_last_record_does_not_come_again_after_more_than_are_remembered(self):
        self.trace = history(first=3000)
        self.goes_on(self.reads_again(1000), *(read(300, at, None) for at in range(1000, 2998)),
                     read(300, 3001, None, log="another"))
        self.refuses("does not read again")

    def test_a_new_record_before_the_last_one_has_come_again(self):
        self.goes_on(self.reads_again(9), read(300, 13, None, [did("read_back", records=1000)]))
        self.refuses("says yes for r without a term")

    def test_the_end_before_the_last_record_has_come_again(self):
        self.goes_on(self.reads_again(9), line(300, "end_reached", [
            did("read_back", records=1000)]))
        self.refuses("says yes for r without a term")

    def test_a_claim_before_the_last_record_has_come_again(self):
        self.trace.insert(END, line(1, "reading", since=9, beginning=False, log=""))
        self.refuses("does not know the ledger")

    def stray(self, at, out=()):
        record = {**heartbeat("b", 0, 1, 11), "seen": mark(11, "another")}
        return read(300, at, record, out)

    def test_a_stray_that_causes_no_doubt(self):
        self.goes_on(self.stray(13))
        self.refuses("does not read again")

    def test_takes_a_reader_that_doubts_each_stray_once(self):
        again = [*self.trace[SYNCED:END], read(300, 11, claim("a", TERM, 10)),
                 read(300, 12, self.trace[BEATEN]["in"]["record"])]
        self.goes_on(self.stray(13, [did("read_back", records=1000)]), self.reads_again(10),
                     *again, self.stray(13), line(300, "end_reached"), self.leads_on(13))
        self.takes_it()

    def test_a_stray_before_the_end_that_causes_no_doubt_there(self):
        again = [*self.trace[SYNCED:END], read(300, 11, claim("a", TERM, 10)),
                 read(300, 12, self.trace[BEATEN]["in"]["record"])]
        self.goes_on(self.stray(13, [did("read_back", records=1000)]), self.reads_again(10),
                     *again, self.stray(13), self.stray(14), line(300, "end_reached"))
        self.refuses("does not read again")

    def test_a_claim_while_it_doubts(self):
        self.trace.insert(END, {**self.stray(11, [did("read_back", records=1000)]), "ns": 0})
        self.trace[END]["in"]["record"].update(based_on=9, seen=mark(9, "another"))
        self.trace[END + 1]["in"] = {"what": "tick"}
        self.refuses("does not know the ledger")

    def test_no_json(self):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
            file.write("nonsense\nnonsense\n")
            file.flush()
            with self.assertRaisesRegex(Departure, ":1: no JSON"):
                check([file.name])


class Command(unittest.TestCase):
    def run_on(self, *traces):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([COMMAND, *written(folder, traces)], capture_output=True,
                                  text=True, check=False)
        return done.returncode, done.stdout

    def test_says_how_much_it_has_checked(self):
        status, said = self.run_on(history(), history("b", 520, 15, TERM + 1))
        self.assertEqual(status, 0)
        self.assertIn("2 candidates", said)
        self.assertIn("2 terms led", said)

    def test_says_which_line_the_protocol_does_not_allow(self):
        trace = history()
        trace[BEATEN]["out"] = [leads(1255)]
        status, said = self.run_on(trace)
        self.assertEqual(status, 1)
        self.assertIn(f"0.jsonl:{BEATEN + 1}: ", said)

    def test_a_file_that_is_not_there_is_wrong_usage(self):
        done = subprocess.run([COMMAND, "/nowhere"], capture_output=True, check=False)
        self.assertEqual(done.returncode, 2)


if __name__ == "__main__":
    sys.exit(unittest.main())
