# SPDX-License-Identifier: BSL-1.0
"""Tidies up, whatever ends the command."""

import os
import signal
import time


def settle():
    """Call it before tidying up after an interruption."""
    # A second Ctrl-C must not cut the tidying short.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    # A node that was launched just now may not be among the processes yet.
    time.sleep(0.1)


def once_dead(action):
    """Leaves a daemon behind that does this when the calling process has ended,
    even by SIGKILL: it reads a pipe whose other end only ends with the caller.
    A node that is being launched holds that end too, until it runs: none is missed."""
    reader, _ = os.pipe()
    if os.fork() != 0:
        os.close(reader)
        os.wait()
        return
    try:
        os.setsid()
        if os.fork() == 0:
            os.chdir("/")
            os.dup2(reader, 3)
            os.closerange(4, os.sysconf("SC_OPEN_MAX"))
            for standard in range(3):  # someone may wait for these to be closed
                os.dup2(os.open(os.devnull, os.O_RDWR), standard)
            os.read(3, 1)
            settle()
            action()
    finally:
        os._exit(0)
