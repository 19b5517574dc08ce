# SPDX-License-Identifier: BSL-1.0
"""The log that a candidate reads."""

from times import MS


class Log:
    """What a reader has read of one log, by which it recognizes that log: "Reading again"."""

    REMEMBERED = 1024

    def __init__(self, since, name=""):
        self.name = name
        self.prints = {}  # of the last records read, by offset
        self.last, self.seen = since - 1, None  # the last offset read, and what stands there
        self.to_come = None  # what has to come again, in a reading that may be of the same log
        self.reached = None  # when the end was reached first,
        self.first_end = None  # and where that was
        self.grown = False  # a record has been read that was appended after that

    def goes_on(self, reading):
        """Whether the reading may be of this log, without a hole. The record that has to come
        again decides."""
        other = self.name and reading["log"] and self.name != reading["log"]
        known = self.seen is not None and not self.to_come
        return known and reading["since"] <= self.last and not other

    def again(self, reading):
        self.to_come = {**self.prints, self.last: self.seen}
        self.name = reading["log"] or self.name

    def read(self, at, fingerprint):
        """Whether this may be the log that was read before."""
        if self.to_come:
            if at > self.last or self.to_come.get(at, fingerprint) != fingerprint:
                return False
            if at == self.last:
                self.to_come = None
        self.prints.pop(at, None)
        self.prints[at] = fingerprint
        if len(self.prints) > self.REMEMBERED:
            del self.prints[next(iter(self.prints))]
        if at >= self.last:
            self.last, self.seen = at, fingerprint
        self.grown = self.grown or self.reached is not None and at > self.first_end
        return True

    def end(self, now):
        if self.reached is None:
            self.reached, self.first_end = now, self.last

    def basis(self, r):
        """Whether an author has read the same as this reader: yes, no, or "untold" if the author
        has not said; None if this reader cannot tell."""
        if r["based_on"] < 0 or "seen" not in r:
            return "untold"
        known = self.prints.get(r["based_on"])
        return None if known is None else known == r["seen"]


class LogClock:
    """The log's time, as far as a reader can tell: the latest that it has read, plus what has passed
    since by its own clock, which may be fast."""

    def __init__(self, drift_ppm):
        self.rate = 10**6 - 2 * drift_ppm
        self.taken = self.read = 0

    def note(self, stamp, now):
        if stamp > self.at(now):
            self.taken, self.read = stamp, now

    def at(self, now):
        return self.taken and self.taken + (now - self.read) // MS * self.rate // 10**6
