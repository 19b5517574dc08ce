# SPDX-License-Identifier: BSL-1.0
"""What happened in a run, as far as it can be proven: what the checker judges by.

All times are ns of the machine's monotonic clock. A process is named after its
candidate and counted: c2.3 is the third process of candidate c2.
"""

import dataclasses
import json
import threading
from typing import NamedTuple


class Saw(NamedTuple):
    """It asked again and again whether it leads, and was told yes each time. A single
    answer has its end before its start: it was true at some instant in between."""
    who: str
    token: int
    start: int
    end: int


class Write(NamedTuple):
    """At the guarded counter."""
    at: int
    who: str
    token: int
    accepted: bool


class Fault(NamedTuple):
    """It happened from `begin` to `down`, and was mended from `up` to `end`: a node takes
    seconds to stop, and to start."""
    what: str
    whom: str
    begin: int
    down: int
    up: int
    end: int


class Calm(NamedTuple):
    """No fault any more: somebody is to lead soon."""
    at: int


class Ended(NamedTuple):
    """A process of which that was not the fault's doing: asked to leave, or by itself."""
    who: str
    asked: bool
    status: int
    took: int


KINDS = {kind.__name__.lower(): kind for kind in (Saw, Write, Fault, Calm, Ended)}


@dataclasses.dataclass
class Setting:
    """What was run, and what is expected of it. Bounds are in seconds."""
    electors: dict[str, str]  # by candidate
    began: int = 0
    ended: int = 0
    candidate_bound: float = 0  # of a fault of one candidate, until somebody leads again
    node_bound: float = 0  # of a fault of Kafka
    recovery_bound: float = 0  # of the end of all faults
    leave_bound: float = 0  # of a candidate that is asked to leave

    @property
    def mixed(self):
        return len(set(self.electors.values())) > 1


class History:
    def __init__(self, setting):
        self.setting = setting
        self.events = []
        self.lock = threading.Lock()
        self.last = {}  # where each process's last sighting is

    def add(self, event):
        """From any thread."""
        with self.lock:
            if not (isinstance(event, Saw) and self.lengthens(event)):
                self.events.append(event)

    def lengthens(self, saw):
        """Whether it goes on where the same one's last sighting ended."""
        at = self.last.get(saw.who)
        if at is not None:
            before = self.events[at]
            if saw.token == before.token and saw.start == before.end:
                self.events[at] = before._replace(end=saw.end)
                return True
        self.last[saw.who] = len(self.events)
        return False

    def of(self, kind):
        return [event for event in self.events if isinstance(event, kind)]

    def save(self, path):
        with open(path, "w") as file:
            print(json.dumps(dataclasses.asdict(self.setting)), file=file)
            for event in self.events:
                print(json.dumps([type(event).__name__.lower(), *event]), file=file)

    @classmethod
    def load(cls, path):
        with open(path) as file:
            history = cls(Setting(**json.loads(next(file))))
            for line in file:
                kind, *values = json.loads(line)
                history.events.append(KINDS[kind](*values))
            return history
