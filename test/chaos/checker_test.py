#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Histories that the checker must refuse, and some that it must accept."""

import tempfile
import unittest

from checker import judge
from history import Calm, Ended, Fault, History, Saw, Setting, Write

S = 10**9


def history(*events, electors=("ledger", "ledger"), began=0, ended=10):
    made = History(Setting(electors={f"c{i}": e for i, e in enumerate(electors, 1)},
                           began=began * S, ended=ended * S, candidate_bound=2, node_bound=3,
                           recovery_bound=4, leave_bound=5))
    for event in events:
        made.add(event)
    return made


def saw(who, token, start, end):
    return Saw(who, token, round(start * S), round(end * S))


def write(at, who, token, accepted=True):
    return Write(round(at * S), who, token, accepted)


def fault(what, whom, begin, end):
    begin, end = round(begin * S), round(end * S)
    return Fault(what, whom, begin, begin, end, end)


class Refusals(unittest.TestCase):
    def assert_broken(self, kinds, *events, **more):
        broken = judge(history(*events, **more)).broken
        self.assertEqual({kind for kind, what in broken.items() if what}, set(kinds), broken)

    # --- no two at once ---

    def test_one_leader_after_the_other_is_well(self):
        self.assert_broken([], saw("c1.1", 1, 0, 5), saw("c2.1", 2, 5.001, 10),
                           fault("leave", "c1", 5, 6))

    def test_two_leaders_at_once(self):
        self.assert_broken(["overlap"], saw("c1.1", 1, 0, 5), saw("c2.1", 2, 4.999, 10))

    def test_one_reign_within_another(self):
        self.assert_broken(["overlap"], saw("c1.1", 1, 0, 10), saw("c2.1", 2, 4, 5))

    def test_a_single_answer_within_another_reign(self):
        self.assert_broken(["overlap"], saw("c1.1", 1, 0, 5), saw("c1.1", 1, 7.001, 7),
                           saw("c2.1", 2, 5.001, 10))

    def test_a_single_answer_that_may_have_come_just_before(self):
        self.assert_broken([], saw("c1.1", 1, 0, 4.9), saw("c1.1", 1, 5.001, 4.999),
                           saw("c2.1", 2, 5, 10))

    def test_the_next_process_of_the_same_candidate(self):
        self.assert_broken(["overlap"], saw("c1.1", 1, 0, 6), saw("c1.2", 2, 5, 10))

    # --- tokens and writes ---

    def test_a_token_of_two_leaders(self):
        self.assert_broken(["token"], saw("c1.1", 7, 0, 5), saw("c2.1", 7, 5.001, 10),
                           fault("leave", "c1", 5, 6))

    def test_a_token_that_shrinks(self):
        self.assert_broken(["token"], saw("c1.1", 7, 0, 4.9), saw("c2.1", 6, 5, 10),
                           fault("leave", "c1", 4.9, 6))

    def test_a_term_that_comes_back(self):
        self.assert_broken(["token"], saw("c1.1", 7, 0, 3), saw("c2.1", 8, 4, 5),
                           saw("c1.1", 7, 6, 10))

    def test_a_leader_that_stopped_before_it_told_its_token(self):
        self.assert_broken([], saw("c1.1", 7, 0, 5), saw("c1.1", 0, 5.001, 5),
                           saw("c2.1", 8, 5.002, 9), saw("c2.1", 0, 9, 10),
                           fault("leave", "c1", 5, 6))

    def test_a_late_write_refused_is_well(self):
        self.assert_broken([], saw("c1.1", 1, 0, 5), saw("c2.1", 2, 5.001, 10),
                           fault("pause", "c1", 5, 7), write(1, "c1.1", 1), write(6, "c2.1", 2),
                           write(7, "c1.1", 1, False))

    def test_a_late_write_accepted(self):
        self.assert_broken(["write"], saw("c1.1", 1, 0, 5), saw("c2.1", 2, 5.001, 10),
                           fault("pause", "c1", 5, 7), write(1, "c1.1", 1), write(6, "c2.1", 2),
                           write(7, "c1.1", 1))

    def test_a_good_write_refused(self):
        self.assert_broken(["write"], saw("c1.1", 1, 0, 10), write(1, "c1.1", 1),
                           write(2, "c1.1", 1, False))

    # --- somebody leads ---

    def test_nobody_leads_for_no_reason(self):
        self.assert_broken(["silence"], saw("c1.1", 1, 0, 5), saw("c2.1", 2, 5.2, 10))

    def test_nobody_leads_at_the_end(self):
        self.assert_broken(["silence"], saw("c1.1", 1, 0, 9.5))

    def test_a_fault_of_a_standby_explains_nothing(self):
        self.assert_broken(["silence"], saw("c1.1", 1, 0, 5), saw("c1.1", 2, 6, 10),
                           fault("kill", "c2", 4.5, 4.8))

    def test_a_fault_of_a_standby_explains_a_gap_if_the_group_may_have_moved_the_role(self):
        self.assert_broken([], saw("c1.1", 1, 0, 5), saw("c1.1", 2, 6, 10),
                           fault("kill", "c2", 4.5, 4.8), electors=("ledger", "group"))

    def test_a_fault_of_the_leader_explains_a_gap_for_the_bound(self):
        self.assert_broken([], saw("c1.1", 1, 0, 5), saw("c2.1", 2, 6.9, 10),
                           fault("pause", "c1", 5, 10))
        self.assert_broken(["silence"], saw("c1.1", 1, 0, 5), saw("c2.1", 2, 7.1, 10),
                           fault("pause", "c1", 5, 10))

    def test_a_fault_while_nobody_leads_starts_the_bound_anew(self):
        self.assert_broken([], saw("c1.1", 1, 0, 3), saw("c2.1", 2, 6.4, 10),
                           fault("kill", "c1", 3, 9), fault("kill", "c3", 4.5, 9),
                           electors=("ledger",) * 3)

    def test_a_cut_of_a_leader_explains_a_gap_for_as_long_as_it_lasts(self):
        cut = fault("cut", "c1", 1, 8)
        self.assert_broken([], saw("c1.1", 1, 0, 6), saw("c1.1", 2, 9.9, 10), cut)
        self.assert_broken(["silence"], saw("c2.1", 1, 0, 6), saw("c2.1", 2, 9.9, 10), cut)

    def test_a_slow_fault_explains_a_longer_gap(self):
        reigns = saw("c1.1", 1, 0, 7), saw("c1.1", 2, 8, 10)
        self.assert_broken(["silence"], *reigns, Fault("stop-node", "node1", 0, S, 9 * S, 9 * S))
        self.assert_broken([], *reigns, Fault("stop-node", "node1", 0, 6 * S, 9 * S, 9 * S))

    def test_one_node_explains_a_gap_for_the_bound_and_two_for_as_long_as_they_are_gone(self):
        one = fault("kill-node", "node1", 1, 9)
        reigns = saw("c1.1", 1, 0, 1), saw("c1.1", 2, 8, 10)
        self.assert_broken(["silence"], *reigns, one)
        self.assert_broken([], *reigns, one, fault("pause-node", "node2", 2, 6))

    def test_no_leader_soon_after_the_last_fault(self):
        reigns = saw("c1.1", 1, 0, 1), saw("c1.1", 2, 9, 10)
        outage = fault("kill-node", "node1", 1, 8), fault("kill-node", "node2", 1, 8)
        self.assert_broken([], *reigns, *outage, Calm(8 * S))
        self.assert_broken(["wedge"], *reigns, *outage, Calm(round(4.5 * S)))

    def test_no_leader_ever_again(self):
        self.assert_broken(["wedge"], saw("c1.1", 1, 0, 9), fault("kill", "c1", 9, 10),
                           Calm(10 * S))

    # --- processes ---

    def test_leaving_in_order_is_well(self):
        self.assert_broken([], saw("c1.1", 1, 0, 10), Ended("c2.1", True, 0, S))

    def test_a_process_that_ends_by_itself(self):
        self.assert_broken(["end"], saw("c1.1", 1, 0, 10), Ended("c2.1", False, 0, 0))

    def test_a_process_that_fails_to_leave(self):
        self.assert_broken(["end"], saw("c1.1", 1, 0, 10), Ended("c2.1", True, -6, S))

    def test_a_process_that_takes_too_long_to_leave(self):
        self.assert_broken(["end"], saw("c1.1", 1, 0, 10), Ended("c2.1", True, 0, 6 * S))


class Histories(unittest.TestCase):
    def test_adjoining_sightings_are_one(self):
        made = history(saw("c1.1", 1, 0, 1), saw("c2.1", 2, 0, 1), saw("c1.1", 1, 1, 2),
                       saw("c1.1", 3, 2, 3), saw("c1.1", 3, 3.1, 4))
        self.assertEqual(made.events, [saw("c1.1", 1, 0, 2), saw("c2.1", 2, 0, 1),
                                       saw("c1.1", 3, 2, 3), saw("c1.1", 3, 3.1, 4)])

    def test_a_saved_history_can_be_loaded(self):
        made = history(saw("c1.1", 1, 0, 1), write(1, "c1.1", 1), fault("kill", "c1", 1, 2),
                       Calm(3), Ended("c1.2", True, 0, 1))
        with tempfile.NamedTemporaryFile() as file:
            made.save(file.name)
            loaded = History.load(file.name)
        self.assertEqual((loaded.setting, loaded.events), (made.setting, made.events))


if __name__ == "__main__":
    unittest.main()
