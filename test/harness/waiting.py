# SPDX-License-Identifier: BSL-1.0
"""For what comes about in its own time."""

import time


def wait_until(condition, seconds):
    """Whether condition() came true within that time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
