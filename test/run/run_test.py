#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""`neli run` on a real etcd: run_test.py NELI [NAME...], where NELI is the program."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from harness.processes import children, cmdline, descendants, processes
from harness.servers import Etcd
from run.agents import Agent, authors, send, stints, until, writers

NELI = Path(sys.argv.pop(1)).resolve()

# No lease may run out even if the machine stands still for a while.
LONG = 20_000
# One that has to run out.
SHORT = 2_000


def state(process):
    return next((state for p, state, _ in processes() if p == process), None)


def setUpModule():
    global etcd
    etcd = Etcd(options=["--heartbeat-interval", "20", "--election-timeout", "200"])
    etcd.__enter__()
    unittest.addModuleCleanup(etcd.__exit__)


class Runs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.file = self.folder / "lines"
        self.ledger = f"{self.id()}/leader"
        # Who finds a released term need not wait for a lease. On a busy machine a short one may pass
        # before it is released.
        while self.run_("true", lease=500).ends() != 0:
            pass

    def run_(self, *command, options=(), lease=LONG, **more):
        agent = Agent(NELI, f"etcd://{etcd.servers}", self.ledger,
                      ["--lease-ms", lease, *options], command, self.folder, **more)
        self.addCleanup(agent.kill)
        return agent

    def shell(self, text, **more):
        return self.run_("sh", "-c", text, **more)

    def writes(self, who, *words, lease=SHORT, **more):
        agent = self.run_(*writers(self.file, *words, who=who), lease=lease, **more)
        return agent

    def until_written_by(self, *who):
        until(lambda: set(who) <= authors(self.file), f"{who} do not write")

    def until_nobody_writes(self):
        def stands_still():
            before = self.file.stat().st_size
            time.sleep(0.1)
            return self.file.stat().st_size == before

        until(stands_still, "somebody still writes")


class TheCommand(Runs):
    def test_its_exit_status_is_that_of_neli_run(self):
        for text, status in ("true", 0), ("exit 3", 3), ("kill -9 $$", 137):
            with self.subTest(text):
                self.assertEqual(self.shell(text).ends(), status)

    def test_ends_neli_run_whatever_of_both_ends_is_noticed_first(self):
        for _ in range(150):
            self.assertEqual(self.run_("true").ends(), 0)

    def test_that_does_not_exist_is_127_and_one_that_is_no_program_126(self):
        self.assertEqual(self.run_("/nowhere/at-all").ends(), 127)
        self.assertEqual(self.run_(self.folder).ends(), 126)

    def test_finds_its_role_its_name_and_a_larger_token_each_time_but_not_the_stores_password(self):
        text = 'echo "$NELI_ROLE $NELI_NAME $NELI_TOKEN $NELI_STORE"'
        tokens = []
        for _ in range(2):
            agent = self.shell(text, options=["--role", "r", "--name", "n"],
                               environment={"NELI_STORE": "consul://secret@nowhere:1"})
            self.assertEqual(agent.ends(), 0)
            role, name, token = agent.process.stdout.read().split()
            self.assertEqual((role, name), ("r", "n"))
            tokens.append(int(token))
        self.assertGreater(tokens[1], tokens[0])

    def test_gets_no_descriptors_beside_the_standard_ones_and_the_guards(self):
        for options, all_of_them in ([], "0 1 2 3 4"), (["--no-guard"], "0 1 2 3"):
            with self.subTest(options):
                agent = self.run_("ls", "/proc/self/fd", options=options)
                self.assertEqual(agent.ends(), 0)
                # The last one is of ls.
                self.assertEqual(agent.process.stdout.read().split(), all_of_them.split())

    def test_what_outlives_it_is_ended_before_another_leads(self):
        a = self.run_("sh", "-c", f"setsid {sys.executable} {writers(self.file)[1]} "
                      f"--hardy {self.file} a & sleep 1", options=["--grace", "100ms"])
        self.until_written_by("a")
        self.assertEqual(a.ends(), 0)
        size = self.file.stat().st_size
        self.assertEqual(self.shell("true").ends(), 0)
        self.assertEqual(self.file.stat().st_size, size)


class Signals(Runs):
    def test_sigterm_is_passed_on_and_the_commands_end_waited_for(self):
        agent = self.shell("trap 'sleep 1; exit 5' TERM; echo ready; while true; do sleep 0.01; done")
        self.assertEqual(agent.process.stdout.readline(), "ready\n")
        agent.signal(signal.SIGTERM)
        self.assertEqual(agent.ends(), 5)
        # It has released: nobody waits for a lease.
        self.assertEqual(self.shell("true").ends(), 0)

    def test_others_are_passed_on_and_the_command_goes_on(self):
        agent = self.shell("trap 'echo usr1' USR1; trap 'echo hup; exit 0' HUP; echo ready; "
                           "while true; do sleep 0.01; done")
        for line, number in (("ready\n", signal.SIGUSR1), ("usr1\n", signal.SIGHUP)):
            self.assertEqual(agent.process.stdout.readline(), line)
            agent.signal(number)
        self.assertEqual(agent.ends(), 0)

    def test_sigterm_ends_one_that_does_not_lead(self):
        a = self.shell("sleep 1000")
        a.leads()
        b = self.shell("sleep 1000")
        until(lambda: b.events("leader"), "b does not know who leads")
        b.signal(signal.SIGTERM)
        self.assertEqual(b.ends(), 128 + signal.SIGTERM)

    def test_process_1_of_a_container_passes_them_on_and_collects_orphans(self):
        text = ("(sh -c 'sleep 0.2 & echo orphan $!' &) ; trap 'exit 6' TERM; echo ready; "
                "while true; do sleep 0.01; done")
        unprivileged = ["--map-root-user"] if os.geteuid() else []
        a = self.shell(text, before=["unshare", *unprivileged, "--pid", "--fork", "--mount-proc",
                                     "--kill-child=KILL"])
        a.leads()
        lines = {a.process.stdout.readline().split()[0] for _ in range(2)}
        self.assertEqual(lines, {"ready", "orphan"})
        one, = children(a.process.pid)

        def zombies():
            parents = one, *children(one)
            return [p for p, state, parent in processes() if state == "Z" and parent in parents]

        time.sleep(0.5)  # the orphan ends meanwhile, or later: then this test sees less
        until(lambda: not zombies(), "orphans are not collected")
        send(one, signal.SIGTERM)
        self.assertEqual(a.ends(), 6)


class Leadership(Runs):
    def test_is_waited_for_no_longer_than_told(self):
        a = self.shell("sleep 1000")
        a.leads()
        b = self.shell("true", options=["--wait", "500ms"])
        self.assertEqual(b.ends(), 120)
        self.assertFalse(b.events("leads"))

    def test_that_is_lost_ends_the_command_and_with_once_the_program(self):
        lost = self.folder / "lost"
        agent = self.writes("a", "--hardy", "--child", options=[
            "--once", "--on-lost", f'echo "$NELI_TOKEN" > {lost}'])
        token = agent.leads()
        self.until_written_by("a", "daemon-of-a")
        etcd.pause_node(1)
        try:
            until(lambda: agent.events("lost"), lambda: f"it is not lost: {agent.said} {agent.other}")
            self.until_nobody_writes()
        finally:
            etcd.resume_node(1)
        self.assertEqual(agent.ends(), 121)
        until(lambda: lost.exists() and lost.read_text(), "--on-lost is not run")
        self.assertEqual(int(lost.read_text()), token)

    def test_that_is_lost_is_won_again_and_the_command_started_again(self):
        agent = self.writes("a")
        self.until_written_by("a")
        etcd.pause_node(1)
        try:
            until(lambda: agent.events("lost"), lambda: f"it is not lost: {agent.said} {agent.other}")
        finally:
            etcd.resume_node(1)
        self.assertGreaterEqual(agent.leads(times=2), agent.leads())

    def test_is_given_up_when_the_store_refuses_for_good(self):
        agent = Agent(NELI, f"etcd://nobody:wrong@{etcd.servers}", self.ledger, [], ["true"],
                      self.folder)
        self.addCleanup(agent.kill)
        self.assertEqual(agent.ends(), 122)
        self.assertTrue(agent.events("failed"), agent.said)


class Restarts(Runs):
    def count(self, text, *options, times):
        file = self.folder / f"count{len(list(self.folder.iterdir()))}"
        agent = self.shell(f"echo >> {file}; {text}", options=["--back-off", "10ms", *options])
        if times is None:
            until(lambda: file.exists() and len(file.read_text()) >= 3, "it is not started again")
            return
        agent.ends()
        self.assertEqual(len(file.read_text()), times)

    def test_never_is_the_default(self):
        self.count("false", times=1)
        self.count("true", times=1)

    def test_on_failure(self):
        self.count("false", "--restart", "on-failure", times=None)
        self.count("true", "--restart", "on-failure", times=1)

    def test_always(self):
        self.count("true", "--restart", "always", times=None)

    def test_not_with_once(self):
        self.count("false", "--restart", "always", "--once", times=1)


class Deaths(Runs):
    """Whatever of it is killed or stopped: what was started is gone before another's begins."""

    def begin(self, lease=SHORT):
        """Two, of which a leads with a command and its independent child."""
        a = self.writes("a", "--hardy", "--child", lease=lease)
        a.leads()
        self.until_written_by("a", "daemon-of-a")
        b = self.writes("b", lease=lease)
        until(lambda: b.events("leader"), "b does not know who leads")
        return a, b

    def follows(self, a, b):
        b.leads()
        self.until_written_by("b")
        seen = stints(self.file)
        self.assertEqual(seen, sorted(seen), "two have written at once")

    def goes_on(self, a):
        """It was stopped for longer than its lease, and does not take that for its command's end."""
        os.killpg(a.process.pid, signal.SIGCONT)
        until(lambda: a.events("lost"), "a does not say that leadership was lost")
        self.assertIsNone(a.process.poll())

    def test_the_agent_killed(self):
        a, b = self.begin()
        a.signal(signal.SIGKILL)
        self.follows(a, b)

    def test_the_agent_killed_with_a_long_lease(self):
        a, b = self.begin(LONG)
        began = time.monotonic()
        a.signal(signal.SIGKILL)
        self.follows(a, b)
        self.assertLess(time.monotonic() - began, LONG / 1000 - 2, "the lease was waited for")

    def test_all_that_is_seen_of_it_killed_with_a_long_lease(self):
        a, b = self.begin(LONG)
        daemon, = [d for d in descendants(a.process.pid) if b"daemon-of" in cmdline(d)]
        keeper = a.keeper()
        # At once: the keeper does not get to its work, and nobody adopts the daemon.
        for number in signal.SIGSTOP, signal.SIGKILL:
            for p in a.process.pid, keeper:
                send(p, number)
        time.sleep(1)
        self.assertFalse(b.events("leads"), "the guard has not waited for the daemon's end")
        send(daemon, signal.SIGKILL)
        self.follows(a, b)

    def test_the_agent_stopped(self):
        a, b = self.begin()
        a.signal(signal.SIGSTOP)
        self.follows(a, b)
        self.goes_on(a)

    def test_the_keeper_killed(self):
        a, b = self.begin(LONG)
        send(a.keeper(), signal.SIGKILL)
        self.assertEqual(a.ends(), 137)
        self.follows(a, b)

    def test_the_keeper_stopped_goes_on_in_time_to_hear_that_the_lease_was_renewed(self):
        a, b = self.begin(LONG // 4)
        keeper = a.keeper()
        send(keeper, signal.SIGSTOP)
        until(lambda: state(keeper) == "T", "the keeper does not stop")
        until(lambda: state(keeper) != "T", "the keeper does not go on")
        size = self.file.stat().st_size
        until(lambda: self.file.stat().st_size > size, "the command does not go on")
        self.assertFalse(a.events("ended") or b.events("leads"))
        a.signal(signal.SIGKILL)
        self.follows(a, b)

    def test_the_agent_killed_and_the_keeper_stopped(self):
        a, b = self.begin()
        send(a.keeper(), signal.SIGSTOP)
        a.signal(signal.SIGKILL)
        self.follows(a, b)

    def test_the_command_killed(self):
        a, b = self.begin(LONG)
        command, = [c for c in children(a.keeper()) if b"daemon-of" not in cmdline(c)]
        send(command, signal.SIGKILL)
        self.assertEqual(a.ends(), 137)
        self.follows(a, b)

    def test_all_of_the_agents_group_stopped_as_by_a_terminal(self):
        a, b = self.begin()
        os.killpg(a.process.pid, signal.SIGSTOP)
        self.follows(a, b)
        self.goes_on(a)

    def test_agent_and_keeper_stopped_at_once(self):
        a, b = self.begin()
        keeper = a.keeper()
        a.signal(signal.SIGSTOP)
        send(keeper, signal.SIGSTOP)
        self.follows(a, b)
        self.goes_on(a)


class Mistakes(unittest.TestCase):
    def refusal(self, *words):
        result = subprocess.run([NELI, "run", "--store", "etcd://127.0.0.1:1", "--ledger", "l", *words],
                                capture_output=True, text=True, timeout=60, check=False)
        self.assertNotEqual(result.returncode, 0)
        return result.stderr

    def test_are_told_with_their_name_and_value(self):
        self.assertIn("command is required", self.refusal())
        self.assertIn("--grace", self.refusal("--grace", "2s", "--", "true"))
        self.assertIn("2000ms", self.refusal("--grace", "2s", "--", "true"))
        self.assertIn("--restart", self.refusal("--restart", "sometimes", "--", "true"))
        self.assertIn("--wait", self.refusal("--wait", "5", "--", "true"))
        self.assertIn("lease", self.refusal("--lease-ms", "1", "--", "true"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
