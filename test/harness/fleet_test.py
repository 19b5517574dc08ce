# SPDX-License-Identifier: BSL-1.0
"""What is heard of processes, on some that are made up."""

import signal
import sys
import time
import unittest

from harness.fleet import Fleet, Silence

SAYS = """\
import sys, time
for line in sys.argv[1].split(","):
    print(time.monotonic_ns(), line, flush=True)
"""


def fleet(lines, then="time.sleep(60)"):
    """Its processes print these lines, do that, and take no heed of their options."""
    return Fleet([sys.executable, "-c", SAYS + then, lines], "nowhere", "t")


class Started(unittest.TestCase):
    def test_servers_that_are_empty_or_have_spaces_are_one_argument(self):
        for servers in "", "a, b":
            self.assertEqual(Fleet(["contender"], servers, "t", ["--slow"]).command,
                             ["contender", "--servers", servers, "--topic", "t", "--slow"])


class Heard(unittest.TestCase):
    def test_a_fact_may_be_told_by_its_detail(self):
        with fleet("n1 LEADER n2,n1 LEADER n3") as processes:
            since = time.monotonic_ns()
            processes.start()
            self.assertEqual(processes.expect(since, "LEADER", "n1", detail="n3").detail, "n3")
            with self.assertRaisesRegex(Silence, "n1 did not say LEADER n4 within 0 s"):
                processes.expect(since, "LEADER", "n1", within=0.1, detail="n4")

    def test_a_fact_has_its_time_its_name_and_its_words(self):
        with fleet("n1 LEADER n2 7 here") as processes:
            since = time.monotonic_ns()
            processes.start()
            fact = processes.expect(since, "LEADER")
            self.assertGreater(fact.ns, since)
            self.assertEqual((fact.name, fact.role, fact.detail), ("n1", "", "n2 7 here"))

    def test_a_fact_may_be_of_a_role(self):
        with fleet("n1/billing LEAD 7") as processes:
            processes.start()
            fact = processes.expect(0, "LEAD", "n1")
            self.assertEqual((fact.name, fact.role), ("n1", "billing"))

    def test_what_was_said_before_is_not_waited_for(self):
        with fleet("n1 STARTED") as processes:
            processes.start()
            heard = processes.expect(0, "STARTED")
            with self.assertRaises(Silence):
                processes.expect(heard.ns, "STARTED", within=0.1)

    def test_another_ones_fact_is_not_taken_for_it(self):
        with fleet("n1 STARTED,n2 LEAD") as processes:
            processes.start()
            processes.expect(0, "LEAD", "n2")
            with self.assertRaisesRegex(Silence, "n1 did not say LEAD"):
                processes.expect(0, "LEAD", "n1", within=0.1)

    def test_all_that_one_has_said_is_heard_before_its_end_is(self):
        with fleet("n1 STARTED," + ",".join(["n1 LEAD 1"] * 500), then="sys.exit(3)") as processes:
            self.assertEqual(processes.wait(processes.start()), 3)
            self.assertEqual(len(processes.said), 501)


class Processes(unittest.TestCase):
    def test_each_has_a_name_of_its_own_unless_it_is_given_one(self):
        with fleet("n1 STARTED") as processes:
            self.assertEqual([processes.start(), processes.start("b"), processes.start()],
                             ["n1", "b", "n2"])

    def test_a_signal_reaches_it(self):
        with fleet("n1 STARTED") as processes:
            name = processes.start()
            processes.signal(name, signal.SIGKILL)
            self.assertEqual(processes.wait(name), -signal.SIGKILL)

    def test_they_end_with_the_fleet_even_when_they_are_paused(self):
        with fleet("n1 STARTED") as processes:
            name = processes.start()
            process = processes.processes[name]
            processes.signal(name, signal.SIGSTOP)
        self.assertEqual(process.poll(), -signal.SIGKILL)

    def test_who_overrides_hear_may_keep_what_it_likes(self):
        class Deaf(Fleet):
            def hear(self, fact):
                if fact.what != "NOISE":
                    super().hear(fact)

        with Deaf([sys.executable, "-c", SAYS, "n1 NOISE,n1 LEAD"], "nowhere", "t") as processes:
            processes.wait(processes.start())
            self.assertEqual([f.what for f in processes.said], ["LEAD"])
