# SPDX-License-Identifier: BSL-1.0
"""Servers that do nothing but sleep."""

import os
import signal
import subprocess
import sys
import threading
import unittest
from pathlib import Path

from harness.servers.children import Cluster, for_as_long_as
from harness.waiting import wait_until


class Sleepers(Cluster):
    ports_each = 2

    def command(self, number):
        return ["sleep", "60"]

    def ready(self, number):
        return self.processes[number].poll() is None

    def ask_version(self):
        return "1"


class Dying(Sleepers):
    def command(self, number):
        return ["sh", "-c", "echo cannot"]

    def ready(self, number):
        return False


class Children(unittest.TestCase):
    def test_clients_are_told_the_first_port_of_each(self):
        with Sleepers(2) as servers:
            self.assertEqual(servers.servers,
                             ",".join(f"127.0.0.1:{servers.ports[n][0]}" for n in (1, 2)))

    def test_a_node_is_stopped_and_started_where_it_was(self):
        with Sleepers(2) as servers:
            ports, process = dict(servers.ports), servers.processes[2]
            servers.stop_node(2)
            self.assertEqual(process.poll(), -signal.SIGTERM)
            servers.start_node(2)
            self.assertEqual(servers.ports, ports)
            self.assertIsNone(servers.processes[2].poll())

    def test_a_node_that_is_killed_is_started_again(self):
        with Sleepers() as servers:
            process = servers.processes[1]
            servers.kill_node(1)
            self.assertEqual(process.poll(), -signal.SIGKILL)
            servers.start_node(1)
            self.assertIsNone(servers.processes[1].poll())

    def test_a_node_that_is_paused_stands_still(self):
        with Sleepers() as servers:
            for _ in range(20):
                servers.pause_node(1)
                self.assertEqual(state_of(servers.processes[1].pid), "T")
                servers.resume_node(1)

    def test_a_node_outlives_the_thread_that_had_it_started(self):
        with Sleepers() as servers:
            servers.kill_node(1)
            thread = threading.Thread(target=servers.start_node, args=[1])
            thread.start()
            thread.join()
            with self.assertRaises(subprocess.TimeoutExpired):
                servers.processes[1].wait(0.2)

    def test_all_are_gone_at_the_end(self):
        with Sleepers(2) as servers:
            folder, processes = servers.folder, list(servers.processes.values())
            self.assertTrue((folder / "node2").is_dir())
        self.assertEqual([p.poll() for p in processes], [-signal.SIGKILL] * 2)
        self.assertFalse(folder.exists())

    def test_one_that_does_not_start_is_said_with_its_last_words(self):
        with self.assertRaisesRegex(SystemExit, "node 1 of Dying does not start:\ncannot"), Dying():
            pass

    def test_a_server_whose_parent_has_ended_already_does_not_run(self):
        ended = subprocess.Popen(["true"])
        ended.wait()
        orphan = subprocess.run([*for_as_long_as(ended.pid), "echo", "runs"], capture_output=True)
        self.assertEqual(orphan.stdout, b"")
        child = subprocess.run([*for_as_long_as(os.getpid()), "echo", "runs"], capture_output=True)
        self.assertEqual(child.stdout, b"runs\n")

    def test_all_are_gone_when_who_started_them_is_killed(self):
        words = ("from harness.servers.children_test import Sleepers\n"
                 "with Sleepers() as servers:\n"
                 "    print(servers.folder, servers.processes[1].pid, flush=True)\n"
                 "    input()\n")
        with subprocess.Popen([sys.executable, "-c", words], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True) as process:
            folder, pid = process.stdout.readline().split()
            process.kill()
        self.assertTrue(wait_until(lambda: not Path(folder).exists(), 60))
        self.assertTrue(wait_until(lambda: is_gone(int(pid)), 60))


def is_gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    # Who adopted it may be slow to bury it.
    return state_of(pid) == "Z"


def state_of(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
