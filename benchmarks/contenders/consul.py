#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""A contender for leadership by Consul, as its documentation has it: a session, which
is renewed, a key that is acquired with it, and a query that waits for changes of the key.

Contends until SIGTERM; prints one line per fact:

  <ns of the monotonic clock> <name> <WHAT> [detail]

WHAT is STARTED, ACQUIRED (the key is its session's), LEAD, NOLEAD (when it first and last
led), FENCED (the session is gone, or the key another's), RESUMED (after a pause of the
process: milliseconds, and how many of its first 1000 questions were answered "I lead") or
CLOSED.
"""

import http.client
import json
import threading
import time

from facts import contend, parser, positive


class Consul:
    """A connection that is kept; for one thread."""

    def __init__(self, server):
        self.connection = http.client.HTTPConnection(server)

    def ask(self, method, path, body=None):
        """Status, index and answer."""
        try:
            self.connection.request(method, f"/v1/{path}", body)
            answer = self.connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise OSError from None
        found = json.loads(text) if answer.status == 200 else None
        return answer.status, answer.headers.get("X-Consul-Index", "0"), found


class Elector:
    def __init__(self, options, says):
        self.options = options
        self.says = says
        self.key = f"kv/neli/{options.topic}"
        self.session = None
        self.has_key = False
        self.leaving = False
        threading.Thread(target=self.renew, daemon=True).start()
        threading.Thread(target=self.contend, daemon=True).start()

    def leads(self):
        return self.has_key

    def renew(self):
        """Half-way to its end."""
        consul = Consul(self.options.servers)
        while not self.leaving:
            time.sleep(self.options.ttl / 2)
            try:
                if self.session and consul.ask("PUT", f"session/renew/{self.session}")[0] == 404:
                    self.lose()
            except OSError:
                pass

    def contend(self):
        consul = Consul(self.options.servers)
        while not self.leaving:
            try:
                self.contend_with(consul)
            except OSError:  # Consul is out of reach
                time.sleep(0.1)

    def contend_with(self, consul):
        if not self.session:
            words = json.dumps({"TTL": f"{self.options.ttl}s"})
            self.session = consul.ask("PUT", "session/create", words)[2]["ID"]
        if not self.has_key:
            got = consul.ask("PUT", f"{self.key}?acquire={self.session}", self.says.name)[2]
            if got and not self.leaving:
                self.says.print("ACQUIRED")
                self.has_key = True
                self.says.print("LEAD")
        _, index, found = consul.ask("GET", self.key)
        if not found or "Session" not in found[0]:
            time.sleep(0.5)  # its lock delay
        owner = self.session if self.has_key else found and found[0].get("Session")
        while not self.leaving and found and found[0].get("Session") == owner and owner:
            _, index, found = consul.ask("GET", f"{self.key}?index={index}&wait=60s")
        if self.has_key:
            self.lose()

    def lose(self):
        if self.has_key and not self.leaving:
            self.says.print("FENCED")
        self.has_key = False
        self.session = None

    def leave(self):
        self.leaving = True
        led, self.has_key = self.has_key, False
        consul = Consul(self.options.servers)
        if led:
            consul.ask("PUT", f"{self.key}?release={self.session}")
        if self.session:
            consul.ask("PUT", f"session/destroy/{self.session}")


def main():
    p = parser(__doc__, "Consul's server, host:port")
    p.add_argument("--ttl", type=positive, default=15, metavar="S",
                   help="the session's time to live [%(default)s, as is Consul's client's]")
    options = p.parse_args()
    contend(options, lambda says: Elector(options, says))


if __name__ == "__main__":
    main()
