#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""A contender for leadership by ZooKeeper, as kazoo's documentation has it: its
recipe for a lock, and a listener to the state of the connection.

Contends until SIGTERM; prints one line per fact:

  <ns of the monotonic clock> <name> <WHAT> [detail]

WHAT is STARTED, ACQUIRED (it has the lock), LEAD, NOLEAD (when it first and last
led: it had the lock, and the connection was well), FENCED (the connection is
SUSPENDED or the session LOST), RESUMED (after a pause of the process:
milliseconds, and how many of its first 1000 questions were answered "I lead") or
CLOSED.
"""

import logging
import threading
import time

from facts import contend, parser, positive
from kazoo.client import KazooClient, KazooState
from kazoo.exceptions import KazooException
from kazoo.retry import KazooRetry


class Elector:
    def __init__(self, client, path, says):
        self.client = client
        self.path = path
        self.says = says
        self.mutex = threading.Lock()
        self.has_lock = False
        self.connected = True
        self.lost = threading.Event()  # set: the session in which the lock was asked for is lost
        self.leaving = False
        # Retries the release, as others would wait for a lock that is not released while its
        # session goes on.
        self.until_done = KazooRetry(max_tries=-1, max_delay=1)
        client.add_listener(self.on_state)
        self.lock = client.Lock(path, says.name)
        self.thread = threading.Thread(target=self.contend, daemon=True)
        self.thread.start()

    def leads(self):
        return self.has_lock and self.connected

    def on_state(self, state):
        """Called by kazoo's own thread."""
        with self.mutex:
            led = self.leads()
            self.connected = state == KazooState.CONNECTED
            if state == KazooState.LOST:
                self.has_lock = False
            if led and not self.leads():
                self.says.print("FENCED", state)
            # The session outlived the lost connection, and the lock is of the session.
            if not led and self.leads():
                self.says.print("LEAD")
        if state == KazooState.LOST:
            self.lost.set()

    def contend(self):
        """Contends, again after each lost session, until it has to leave."""
        while not self.leaving:
            try:
                self.lock.acquire()
                self.win()
                self.lost.wait()
                self.until_done(self.lock.release)
            except KazooException:  # cancelled, or ZooKeeper is out of reach
                time.sleep(0.1)
            with self.mutex:
                self.lost.clear()
                if not self.leaving:
                    self.lock = self.client.Lock(self.path, self.says.name)

    def win(self):
        with self.mutex:
            # A lock that it got while the session changed may belong to either session, so it does
            # not count.
            if self.lost.is_set() or self.leaving:
                return
            self.says.print("ACQUIRED")
            self.has_lock = True
            if self.connected:
                self.says.print("LEAD")

    def leave(self):
        with self.mutex:
            self.leaving = True
            self.has_lock = False
            self.lock.cancel()
        self.lost.set()
        self.thread.join(10)  # ZooKeeper may be out of reach
        self.client.stop()


def main():
    p = parser(__doc__, "ZooKeeper's servers, host:port,...")
    p.add_argument("--session-ms", type=positive, default=10_000, metavar="MS",
                   help="the session's timeout [%(default)s, as is kazoo's]")
    options = p.parse_args()
    # No log: errors of a server that is down are expected here.
    logging.getLogger("kazoo").addHandler(logging.NullHandler())
    client = KazooClient(options.servers, timeout=options.session_ms / 1000)

    def start(says):
        client.start(timeout=60)
        return Elector(client, f"/neli/{options.topic}", says)

    contend(options, start)


if __name__ == "__main__":
    main()
