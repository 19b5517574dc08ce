# SPDX-License-Identifier: BSL-1.0
"""What contenders in Python share: the facts that they print, and the questions that they ask."""

import argparse
import os
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
