# SPDX-License-Identifier: BSL-1.0
"""What scripts/kafka tells the user."""

import contextlib
import sys


class Fail(Exception):
    """An error to tell the user; `status` is the exit status."""

    def __init__(self, message, status=1):
        super().__init__(message)
        self.status = status


class NoCluster(Fail):
    def __init__(self, folder):
        super().__init__(f"--dir {folder}: no cluster there; 'scripts/kafka start' makes one", 2)


class PortTaken(Fail):
    pass


def say(message):
    with contextlib.suppress(OSError):  # nobody may be listening any more
        print(f"kafka: {message}", file=sys.stderr, flush=True)
