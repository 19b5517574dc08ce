# SPDX-License-Identifier: BSL-1.0
"""When this machine stood still, which is no contender's fault and explains many outliers.

A thread on each core asks to be woken every few milliseconds and notes how late that was.
"""

import contextlib
import os
import threading
import time
from pathlib import Path

MEANWHILE = "the machine's longest stall meanwhile, ms"
PERIOD = 5_000_000  # ns
NOTED = 20_000_000  # ns; shorter stalls come from the scheduler and from Python

noted = []  # (ns of the monotonic clock when the thread should have woken, and when it did)


@contextlib.contextmanager
def watched():
    """Watches until the end of the `with`; what it yields then has the stalls of all that time."""
    over = threading.Event()
    watches = [threading.Thread(target=watch, args=(core, over), daemon=True)
               for core in os.sched_getaffinity(0)]
    summary = {}
    first, before = len(noted), steal()
    for w in watches:
        w.start()
    try:
        yield summary
    finally:
        over.set()
        for w in watches:
            w.join()
        lengths = [(woke - due) / 1e6 for due, woke in noted[first:]]
        stolen, passed = (now - then for now, then in zip(steal(), before))
        summary |= {"count": len(lengths), "longest_ms": round(max(lengths, default=0), 1),
                    "steal_percent": round(100 * stolen / max(1, passed), 2)}


def watch(core, over):
    os.sched_setaffinity(0, {core})  # for this thread alone
    due = time.monotonic_ns()
    while not over.is_set():
        due += PERIOD
        time.sleep(max(0, due - time.monotonic_ns()) / 1e9)
        woke = time.monotonic_ns()
        if woke - due > NOTED:
            noted.append((due, woke))
        due = max(due, woke)


def longest(since, until):
    """The longest stall within that time, in ms; 0 if there was none."""
    return round(max((min(woke, until) - max(due, since) for due, woke in list(noted)
                      if woke > since and due < until), default=0) / 1e6, 1)


def steal():
    """The time that the hypervisor gave to others, and all time, in ticks of all cores."""
    ticks = list(map(int, Path("/proc/stat").read_text().splitlines()[0].split()[1:9]))
    return ticks[7], sum(ticks)
