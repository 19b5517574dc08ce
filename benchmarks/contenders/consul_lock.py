#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""A contender for leadership by Consul's own command: `consul lock` runs this program as its child,
which leads for as long as it runs.

Contends until SIGTERM; prints one line per fact:

  <ns of the monotonic clock> <name> <WHAT> [detail]

WHAT is STARTED, ACQUIRED, LEAD, NOLEAD (when it first and last led), RESUMED (after a pause of the
child: milliseconds, and how many of its first 1000 questions were answered "I lead") or CLOSED.

When the command is killed its child goes on; this one ends after another minute.
"""

import os
import signal
import sys
import threading
import time

from facts import Facts, Prober, parser

ORPHANED = 60  # s
FACTS = 9  # where the child writes them: the command has words of its own for standard output


def lead(options):
    says = Facts(options.name)
    says.print("ACQUIRED")
    says.print("LEAD")
    over = threading.Event()
    prober = None if options.no_prober else Prober(lambda: not over.is_set(), says)
    wait_for_the_end()
    over.set()
    if prober:
        prober.end()
    says.print("CLOSED")


def wait_for_the_end():
    """Until SIGTERM, or for a minute after the parent's death."""
    parent, end = os.getppid(), None
    while end is None or time.monotonic() < end:
        if signal.sigtimedwait({signal.SIGTERM, signal.SIGINT}, 1):
            return
        if end is None and os.getppid() != parent:
            end = time.monotonic() + ORPHANED


def main():
    p = parser(__doc__, "Consul's server, host:port")
    p.add_argument("--consul", required=True, help="the program")
    p.add_argument("--child", action="store_true", help="to be its child")
    options = p.parse_args()
    if options.child:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
        os.dup2(FACTS, sys.stdout.fileno())
        lead(options)
        return
    Facts(options.name).print("STARTED")
    os.dup2(sys.stdout.fileno(), FACTS)
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    os.execv(options.consul, [options.consul, "lock", f"-http-addr={options.servers}", "-shell=false",
                              f"neli/{options.topic}", sys.executable, *sys.argv, "--child"])


if __name__ == "__main__":
    main()
