#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""What the harness concludes from contenders' lines, on an invented election."""

import dataclasses
import os
import subprocess
import sys
import time
import unittest
import unittest.mock
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "test"))

import stalls
from goals import goal_table
from harness.fleet import Fact
from leading import Election, Reign, interruptions, timeline, without_leader
from results import OURS, Results
from scenario_tables import ratio_table, scenario_table


@dataclasses.dataclass(frozen=True)
class Contender:
    command: list
    words: list
    settle: float = 0
    where: str = "--servers {servers} --topic {topic}"
    name: str = "made up"


def heard(*facts):
    election = Election(Contender(["true"], []), "nowhere")
    for ns, who, what, *detail in facts:
        election.hear(Fact(ns, who, "", what, *detail))
    return election


class Leading(unittest.TestCase):
    def test_a_reign_is_what_the_prober_saw(self):
        election = heard((10, "a", "LEAD"), (50, "a", "NOLEAD", "9 40"))
        self.assertEqual(election.reigns(100), [Reign("a", 9, 40)])

    def test_who_still_leads_does_so_until_now(self):
        self.assertEqual(heard((10, "a", "LEAD")).reigns(100), [Reign("a", 10, 100)])

    def test_who_was_killed_led_until_then(self):
        election = heard((10, "a", "LEAD"))
        election.killed["a"] = 30
        self.assertEqual(election.reigns(100), [Reign("a", 10, 30)])

    def test_one_leads_again(self):
        election = heard((10, "a", "LEAD"), (50, "a", "NOLEAD", "9 40"), (60, "a", "LEAD"))
        self.assertEqual(election.reigns(100), [Reign("a", 9, 40), Reign("a", 60, 100)])

    def test_time_without_a_leader(self):
        reigns = [Reign("b", 50, 70), Reign("a", 0, 40), Reign("c", 60, 65)]
        self.assertEqual(without_leader(reigns, 0, 100), 10 + 30)
        self.assertEqual(without_leader(reigns, 10, 55), 10)
        self.assertEqual(without_leader([], 10, 55), 45)
        self.assertEqual(without_leader([Reign("a", 0, 100)], 10, 55), 0)

    def test_interruptions(self):
        reigns = [Reign("a", 0, 40), Reign("b", 50, 100)]
        self.assertEqual(interruptions(reigns, 10, 100), 1)
        self.assertEqual(interruptions(reigns, 45, 100), 0)

    def test_a_timeline_is_of_its_time_only(self):
        ms = 1_000_000
        election = heard((10 * ms, "a", "LEAD"))
        election.killed["a"] = 30 * ms
        election.done.append((30 * ms, "kill", "a"))
        self.assertEqual(timeline(election, 20 * ms, 50 * ms),
                         {"until": 30.0, "reigns": [["a", 0.0, 10.0]],
                          "done": [[10.0, "kill", "a"]]})

    def test_a_process_is_heard(self):
        said = "import time; print(time.monotonic_ns(), 'n1', 'LEAD', flush=True); time.sleep(60)"
        with Election(Contender([sys.executable, "-c", said], []), "nowhere") as election:
            since = time.monotonic_ns()
            name = election.start()
            election.expect(since, "LEAD", name)
            self.assertEqual(election.leader(), name)
            election.crash(name)
            self.assertEqual([r.name for r in election.reigns(time.monotonic_ns())
                              if r.until < time.monotonic_ns()], [name])


class Stalls(unittest.TestCase):
    def test_one_is_noted(self):
        since = time.monotonic_ns()
        with stalls.watched() as summary:
            pause = f"kill -STOP {os.getpid()}; sleep 0.3; kill -CONT {os.getpid()}"
            subprocess.run(["sh", "-c", pause], check=True)
            time.sleep(0.1)
        self.assertGreater(summary["longest_ms"], 200)
        self.assertGreater(stalls.longest(since, time.monotonic_ns()), 200)

    def test_what_matters_is_within_a_sample(self):
        ms = 1_000_000
        with unittest.mock.patch("stalls.noted", [(100 * ms, 130 * ms), (500 * ms, 600 * ms)]):
            self.assertEqual(stalls.longest(0, 90 * ms), 0)
            self.assertEqual(stalls.longest(0, 200 * ms), 30)
            self.assertEqual(stalls.longest(0, 540 * ms), 40)
            self.assertEqual(stalls.longest(110 * ms, 550 * ms), 50)


class Tables(unittest.TestCase):
    def recorded(self, ours, theirs):
        def by(samples):
            return {"samples": {"to the next leader, ms": samples}}
        return Results({"scenarios": {"hand-over": {
            OURS: by(ours), "etcd 2 s": by(theirs), "broken": {"failed": "nobody led"}}}})

    def goal(self, results, what):
        return next(line for line in goal_table(results).splitlines() if what in line)

    def test_goals_are_met_or_not_or_not_measured(self):
        results = self.recorded([5, 6, 7], [2, 2, 2])
        self.assertIn("| 6 | yes |", self.goal(results, "hand-over, ledger: p50, ms"))
        self.assertIn("| 3 | **no** |", self.goal(results, "times etcd's"))
        self.assertIn("not measured", self.goal(results, "zombie"))

    def test_ratios_are_of_medians_to_ours(self):
        self.assertIn("| 0.33 |", ratio_table(self.recorded([5, 6, 7], [1, 2, 9])))

    def test_stalls_are_shown_where_there_were_some(self):
        results = self.recorded([1], [1])
        measured = results.scenarios["hand-over"][OURS]["samples"]
        measured[stalls.MEANWHILE] = [0]
        self.assertNotIn("stall", scenario_table(results))
        measured[stalls.MEANWHILE] = [0, 30.5]
        self.assertIn("stall meanwhile, ms | 0 (0-30.5, n=2) |", scenario_table(results))

    def test_a_failure_is_shown(self):
        self.assertIn("failed: nobody led", scenario_table(self.recorded([1], [1])))


if __name__ == "__main__":
    unittest.main()
