# SPDX-License-Identifier: BSL-1.0
"""What happened in a run, as far as that can be proven. The checker judges by it.

All times are ns of the machine's monotonic clock. A process is named after its
candidate and counted: c2.3 is the third process of candidate c2.
"""

import dataclasses
import json
import threading
from typing import NamedTuple


class Saw(NamedTuple):
    """The witness of a process asked again and again whether it leads; each answer was yes. A single
    answer has its end before its start: it was true at some instant in between."""
    who: str
    token: int
    start: int
    end: int


class Write(NamedTuple):
    """A write to the guarded counter."""
    at: int
    who: str
    token: int
    accepted: bool


class Fault(NamedTuple):
    """A fault that happened from `begin` to `down` and was mended from `up` to `end`: a node takes
    seconds to stop, and to start."""
    what: str
    whom: str
    begin: int
    down: int
    up: int
    end: int


class Calm(NamedTuple):
    """The last fault is over: a candidate has to lead soon."""
    at: int


class Ended(NamedTuple):
    """The end of a process that no fault ended: it was asked to leave, or it ended by itself."""
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
    candidate_bound: float = 0  # from a fault of one candidate until a candidate leads again
    node_bound: float = 0  # the same for a fault of a node
    recovery_bound: float = 0  # the same from the end of all faults
    leave_bound: float = 0  # until a candidate that is asked to leave has left

    @property
    def mixed(self):
        return len(set(self.electors.values())) > 1


class History:
    def __init__(self, setting):
        self.setting = setting
        self.events = []
        self.lock = threading.Lock()
        self.last = {}  # the index of each process's last sighting

    def add(self, event):
        """May be called from any thread."""
        with self.lock:
            if not (isinstance(event, Saw) and self.lengthens(event)):
                self.events.append(event)

    def lengthens(self, saw):
        """Whether it begins where the last sighting of the same process ended."""
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
