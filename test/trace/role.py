# SPDX-License-Identifier: BSL-1.0
"""A role, as a reader of the log sees it."""

from times import NEVER


class Role:
    """What a reader knows of a role: "Reading" and "Starting to read"."""

    def __init__(self, longer, since):
        self.longer = longer  # a lease as another's clock may measure it
        self.read_waits = self.told_wait = -NEVER
        self.synced = False
        self.open_until = -NEVER
        self.highest = self.highest_told = 0
        self.restart(since)

    def restart(self, since):
        if self.synced:
            self.read_waits = self.free_at(None)
        self.synced = False
        self.since = self.next = since
        self.last_turn = -1
        self.term, self.holder, self.last, self.released, self.until = 0, None, -1, False, -NEVER

    def at_end_of_all(self, reached, lease):
        if not self.synced:
            self.synced = True
            self.read_waits = max(self.read_waits, reached + self.longer(lease))

    def free_at(self, me):
        """The first instant at which no other candidate can lead any more (rule 3)."""
        others = self.holder not in (None, me) and not self.released
        return max(self.read_waits, self.told_wait, self.until if others else -NEVER)

    def is_new(self, at):
        new = at >= self.next
        self.next = max(self.next, at + 1)
        return new

    def begin(self, term, holder, lease, at, now):
        if self.synced and self.holder not in (None, holder) and not self.released:
            self.read_waits = max(self.read_waits, self.until)
        self.term, self.holder, self.last, self.released = term, holder, at, False
        self.until = now + self.longer(lease)
        self.highest = max(self.highest, term)

    def adopt(self, at, r, basis, term, wait, now):
        """Whether the author had read everything that came before what this reader has read."""
        vouches = max(0, self.since - 1, self.last_turn) <= r["based_on"] < at and basis
        if self.synced or not vouches:
            return False
        self.begin(term, r["id"], r.get("lease_ms", 0), at, now)
        self.synced = True
        self.told_wait = now + self.longer(wait)
        return True

    def suspect(self, lease, now):
        if not self.synced:
            self.told_wait = max(self.told_wait, now + self.longer(lease))

    # What a record does, as far as this reader may trust it: whether a term begins, and whether the
    # record counts.

    def claim(self, at, r, basis, now):
        self.last_turn = at
        self.highest = max(self.highest, r["term"])
        of_this_log = r["based_on"] < at and basis is not False
        effective = of_this_log and r["term"] > self.term and self.last <= r["based_on"]
        self.suspect(r["lease_ms"], now)
        if effective:
            self.begin(r["term"], r["id"], r["lease_ms"], at, now)
        return effective and self.synced

    def heartbeat(self, at, r, basis, term, wait, now):
        self.suspect(r["lease_ms"], now)
        adopted = self.adopt(at, r, basis, term, wait, now)
        unknown = term > self.term or (term == self.term and r["id"] != self.holder)
        if unknown:
            self.begin(term, r["id"], r["lease_ms"], at, now)
        if not self.holds(r["id"], term):
            return False, False
        self.last, self.until = at, now + self.longer(r["lease_ms"])
        if self.synced:
            self.told_wait = min(self.told_wait, now + self.longer(wait))
        return self.synced and (unknown or adopted), self.synced

    def release(self, at, r, basis, now):
        self.adopt(at, r, basis, r["term"], r.get("wait_ms", 0), now)
        self.last_turn = at
        if self.holds(r["id"], r["term"]):
            self.released, self.last = True, at

    def holds(self, holder, term):
        return self.holder == holder and self.term == term and not self.released
