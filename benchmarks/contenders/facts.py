# SPDX-License-Identifier: BSL-1.0
"""What contenders in Python share: their options, the facts that they print, and the questions that
they ask."""

import argparse
import os
import signal
import sys
import threading
import time

PAUSE_NS = 300_000_000


class Facts:
    def __init__(self, name):
        self.name = name

    def print(self, what, *detail):
        """One write per line, so that no line is lost when the process is killed next."""
        line = " ".join(map(str, [time.monotonic_ns(), self.name, what, *detail]))
        os.write(sys.stdout.fileno(), f"{line}\n".encode())


class Prober:
    """Asks every millisecond, and says NOLEAD when the answer is not yes any more.
    After a pause of the process it first asks a thousand times, and says RESUMED."""

    def __init__(self, leads, says):
        self.leads = leads
        self.says = says
        self.first = None
        self.last = None
        self.stop = False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        previous = time.monotonic_ns()
        while not self.stop:
            now = time.monotonic_ns()
            if now - previous > PAUSE_NS:
                yes = sum(self.leads() for _ in range(1000))
                self.says.print("RESUMED", (now - previous) // 1_000_000, yes)
            self.ask()
            previous = now
            time.sleep(0.001)
        self.tell()

    def ask(self):
        before = time.monotonic_ns()
        if not self.leads():
            self.tell()
            return
        if self.first is None:
            self.first = time.monotonic_ns()
        self.last = before

    def tell(self):
        if self.first is not None:
            self.says.print("NOLEAD", self.first, self.last)
            self.first = None

    def end(self):
        self.stop = True
        self.thread.join()


def positive(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 1")
    return int(text)


def parser(description, servers):
    """With the options that each has; `servers` says what those are."""
    p = argparse.ArgumentParser(description=description,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--name", required=True, help="this contender's name")
    p.add_argument("--servers", required=True, help=servers)
    p.add_argument("--topic", required=True, help="the election's name")
    p.add_argument("--no-prober", action="store_true",
                   help="do not ask every millisecond who leads, and never say NOLEAD")
    return p


def contend(options, start):
    """Until SIGTERM, by what start(says) makes: it has leads() and leave()."""
    # Blocked in all threads, as this one waits for the signal.
    end = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, end)
    says = Facts(options.name)
    says.print("STARTED")
    elector = start(says)
    prober = None if options.no_prober else Prober(elector.leads, says)
    signal.sigwait(end)
    elector.leave()
    if prober:
        prober.end()
    says.print("CLOSED")
