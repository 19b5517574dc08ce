# SPDX-License-Identifier: BSL-1.0
"""Servers that are child processes, until the end."""

import concurrent.futures
import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from harness import PATIENCE
from harness.ports import free_ports
from harness.waiting import wait_until

ANSWER = 2.0  # seconds; a server that is asked while it starts may never answer


class Cluster:
    """Nodes that are child processes of this one. Each kind of server tells how to run one."""
    ports_each = 1  # the first is for clients
    in_order = signal.SIGTERM  # stops a node in order
    at_once = signal.SIGKILL  # ends it without any order
    user = None  # whose processes the nodes are; None: those of this process's user

    def __init__(self, nodes=1):
        self.nodes = list(range(1, nodes + 1))

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.folder = Path(stack.enter_context(folder_till_the_end()))
            self.ports = dict(zip(self.nodes, free_ports(len(self.nodes), self.ports_each)))
            self.servers = ",".join(f"127.0.0.1:{ports[0]}" for ports in self.ports.values())
            self.processes = {}
            # A process ends when the thread that has started it ends. So that is always this one.
            self.starter = stack.enter_context(concurrent.futures.ThreadPoolExecutor(1))
            stack.callback(self.kill)
            self.prepare()
            for number in self.nodes:
                self.launch(number)
            for number in self.nodes:
                self.await_ready(number)
            self.version = self.ask_version()
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def prepare(self):
        """Puts into the folder what all nodes need."""

    def kill(self):
        for process in self.processes.values():
            process.send_signal(self.at_once)
            process.wait()

    def stop_node(self, number):
        process = self.processes.pop(number)
        process.send_signal(self.in_order)
        try:
            process.wait(PATIENCE / 2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def kill_node(self, number):
        process = self.processes.pop(number)
        process.kill()
        process.wait()

    def start_node(self, number):
        self.launch(number)
        self.await_ready(number)

    def pause_node(self, number):
        process = self.processes[number]
        process.send_signal(signal.SIGSTOP)
        # All of its threads stand still only a moment later.
        os.waitid(os.P_PID, process.pid, os.WSTOPPED)

    def resume_node(self, number):
        self.processes[number].send_signal(signal.SIGCONT)

    def launch(self, number):
        self.starter.submit(self.launch_now, number).result()

    def launch_now(self, number):
        home = self.home(number)
        home.mkdir(exist_ok=True)
        words = [*as_user(self.user), *for_as_long_as(os.getpid(), self.at_once),
                 *self.command(number)]
        with self.log(number).open("ab") as log:
            # In a process group of its own, so that Ctrl-C does not end it before the processes
            # that use it.
            self.processes[number] = subprocess.Popen(
                words, cwd=home, stdin=subprocess.DEVNULL, stdout=log, stderr=log, process_group=0)

    def await_ready(self, number):
        def ended():
            return self.processes[number].poll() is not None

        if not wait_until(lambda: self.ready(number) or ended(), PATIENCE) or ended():
            sys.exit(f"node {number} of {type(self).__name__} does not start:\n"
                     + self.log(number).read_text()[-2000:])

    def home(self, number):
        return self.folder / f"node{number}"

    def log(self, number):
        return self.home(number) / "log"


def as_user(name):
    """Words before a command: it runs as that user, to whom no file is closed, as root's are not to
    root: neither the temporary folder nor a device that a container keeps for root."""
    if not name:
        return []
    all_files = "+dac_override"
    group = str(pwd.getpwnam(name).pw_gid)
    return ["setpriv", "--reuid", name, "--regid", group, "--clear-groups",
            "--inh-caps", all_files, "--ambient-caps", all_files, "--"]


def for_as_long_as(parent, end=signal.SIGKILL):
    """Words before a command: its process is sent that signal when this parent ends. The parent may
    have ended already, before the kernel was told so: then the command is not run."""
    return ["setpriv", "--pdeathsig", end.name.removeprefix("SIG"), "--",
            "sh", "-c", '[ "$PPID" = "$0" ] && exec "$@"', str(parent)]


@contextlib.contextmanager
def folder_till_the_end():
    """A temporary folder, which is deleted after the `with` and however this process ends."""
    with tempfile.TemporaryDirectory(prefix="neli-servers-") as folder:
        # A shell waits at a pipe that closes when this process ends. It gives the servers, which
        # end then too, a second before it deletes the folder.
        words = ["sh", "-c", 'read -r _ || sleep 1; rm -rf -- "$1"', "sh", folder]
        with subprocess.Popen(words, stdin=subprocess.PIPE, process_group=0) as guard:
            try:
                yield folder
            finally:
                guard.stdin.write(b"\n")
                guard.stdin.close()


def program(name):
    found = shutil.which(name)
    if not found:
        sys.exit(f"no '{name}' on PATH: run scripts/setup first")
    return found
