# SPDX-License-Identifier: BSL-1.0
"""The folder of a cluster, which several commands may want at once."""

import contextlib
import fcntl
import os

from harness.kafka.failure import NoCluster, say


@contextlib.contextmanager
def locked(folder, make=False):
    """One command at a time starts nodes or deletes things in a folder."""
    while True:
        if make:
            folder.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:
            raise NoCluster(folder) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another command on {folder}")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), folder.stat()):
                break
        os.close(descriptor)  # the other command deleted the folder
    try:
        yield
    finally:
        if make:
            remove_if_empty(folder)  # nothing came of it
        os.close(descriptor)


def remove_if_empty(folder):
    with contextlib.suppress(OSError):
        folder.rmdir()
