# SPDX-License-Identifier: BSL-1.0
"""One candidate of several roles, step by step: "Reading", "Leading", "Claiming", "Giving up"."""

from collections import defaultdict

from departure import require
from log import Log, LogClock
from role import Role
from times import NEVER


class Stint:
    """One candidate's claim and term of a role: "Leading", "Claiming", "Giving up"."""

    def __init__(self):
        self.contends = self.closing = False
        self.claim = None  # (ticket, term, sent, current term)
        self.not_before = -NEVER  # is the next one
        self.lease_ends = -NEVER  # of the last term
        self.term, self.sent, self.led, self.handed_over = 0, None, False, False
        self.release = None  # (ticket, until)
        self.barrier = None  # (id, kind)
        self.owes = False  # to the group
        self.says_yes_until = None
        self.last_acquired = 0


class Candidate:
    def __init__(self, path):
        self.path = path
        self.roles, self.stints = {}, defaultdict(Stint)
        self.owned = set()
        self.log = Log(0)
        self.log_clock = self.log_time = None  # that time, before what came in
        self.reading = None
        self.at_end = False
        self.owes_reading = False  # has to ask for it
        self.doubted, self.doubts = -1, False  # by which record last, and whether it still does
        self.beats = {}  # seq: when it was sent
        self.intervals = []  # role, term, from, until
        self.acquired = []  # role, term, when
        self.orderly = []  # role, term, from, until
        self.records = {}  # by the log's name and the offset: the record and its fingerprint
        self.beginnings = 0
        self.started = None

    # --- going through the lines ---

    def step(self, line):
        self.now = line["ns"]
        what = line["in"]
        if what["what"] == "start":
            self.start(what)
        else:
            self.time_passes()
            self.log_time = self.log_clock.at(self.now)
            getattr(self, "in_" + what["what"])(what)
        for action in line["out"]:
            getattr(self, "out_" + action["what"])(action)
        require(not self.owes_reading, "does not read again what it has to doubt")
        for name, stint in self.stints.items():
            require(stint.term or stint.says_yes_until is None or self.now >= stint.says_yes_until,
                    f"says yes for {name} without a term")

    def start(self, x):
        self.id, self.name = x["id"], x["name"]
        self.group = x["arbitration"] == "group"
        self.lease, self.period = x["lease_ms"] * 10**6, x["heartbeat_ms"] * 10**6
        ppm = x["drift_ppm"]
        self.longer = lambda ms: ms * 10**6 + ms * 2 * ppm
        self.log_clock = LogClock(ppm)
        self.started = self.now

    def time_passes(self):
        for stint in self.stints.values():
            if stint.term and self.now >= stint.sent + self.lease:
                self.lose(stint)
            if stint.claim and self.now >= stint.claim[2] + self.lease:
                stint.claim = None
            if stint.release and self.now >= stint.release[1]:
                stint.release = None

    def lose(self, stint):
        if stint.term:
            stint.lease_ends = stint.sent + self.lease
        stint.term, stint.led, stint.handed_over = 0, False, False

    def role(self, name):
        if name not in self.roles:
            self.roles[name] = Role(self.longer, self.reading["since"] if self.reading else 0)
        return self.roles[name]

    # --- what came in ---

    def in_reading(self, x):
        if self.log.goes_on(x):
            self.log.again(x)
            for role in self.roles.values():
                if not role.synced:
                    role.restart(x["since"])
        else:
            self.begin_anew(Log(x["since"], x["log"]), x["since"])
        self.reading, self.at_end = x, False

    def begin_anew(self, log, since):
        """Nothing that was read counts any more. A candidate that leads is fenced."""
        self.beginnings += self.log.seen is not None
        self.log, self.reading, self.at_end = log, None, False
        self.doubted, self.doubts = -1, False
        self.beats.clear()
        for name, role in self.roles.items():
            role.restart(since)
            self.stints[name].claim = None
            self.lose(self.stints[name])

    def in_gap(self, _):
        self.begin_anew(Log(0), 0)
        self.owes_reading = True

    def in_read(self, x):
        at, r = x["at"], x["record"]
        if not self.log.read(at, x["fingerprint"]):
            return self.in_gap(x)
        self.log_clock.note(x["stamp"], self.now)
        self.records[self.log.name, at] = r, x["fingerprint"]
        if r is None:
            return
        basis = self.log.basis(r)
        if basis is False and r["id"] != self.id:
            self.doubt(at)
        getattr(self, "read_" + r["kind"])(at, r, basis)

    def doubt(self, at):
        at_stake = any(role.synced for role in self.roles.values())
        if not at_stake or at <= self.doubted:
            return
        self.doubted = at
        # While the record that was read last has still to come again, this reading decides.
        if self.log.to_come:
            return
        if self.at_end:
            self.has_to_read_again()
        else:
            self.doubts = True

    def has_to_read_again(self):
        self.doubts, self.at_end, self.owes_reading = False, False, True

    def read_claim(self, at, r, basis):
        role, stint = self.role(r["role"]), self.stints[r["role"]]
        if not role.is_new(at):
            return
        begun = role.claim(at, r, basis, self.now)
        if begun and r["id"] != self.id and stint.term:
            self.lose(stint)
        if r["id"] == self.id and stint.claim and stint.claim[1] == r["term"]:
            if begun:
                stint.term, stint.sent = r["term"], stint.claim[2]
                stint.led = stint.handed_over = False
            elif stint.claim[3] == role.term:
                stint.not_before = self.now + self.period
            stint.claim = None

    def read_heartbeat(self, at, r, basis):
        sent = self.beats.get(r["seq"]) if r["id"] == self.id else None
        for name, term in r["terms"].items():
            role, stint = self.role(name), self.stints[name]
            if not role.is_new(at):
                continue
            wait = r.get("wait_ms", {}).get(name, 0)
            begun, counts = role.heartbeat(at, r, basis, term, wait, self.now)
            if begun and r["id"] != self.id and stint.term:
                self.lose(stint)
            if counts and not begun and sent is not None and stint.term == term:
                stint.sent = max(stint.sent, sent)
        for name in r.get("open", []):
            self.role(name).open_until = self.now + r["lease_ms"] * 10**6

    def read_release(self, at, r, basis):
        role = self.role(r["role"])
        if role.is_new(at):
            role.release(at, r, basis, self.now)

    def in_end_reached(self, _):
        if not self.reading or self.at_end:
            return
        if self.log.to_come:  # this log has not grown so far yet
            return self.in_gap(_)
        if self.doubts:
            return self.has_to_read_again()
        self.at_end = True
        self.log.end(self.now)
        for name in self.roles:
            self.see_all_of(name)

    def see_all_of(self, name):
        role = self.role(name)
        if self.at_end and self.reading["beginning"]:
            role.at_end_of_all(self.log.reached, self.lease // 10**6)

    def in_appended(self, x):
        for stint in self.stints.values():
            if stint.release and stint.release[0] == x["ticket"]:
                stint.release = None

    def in_append_failed(self, x):
        self.in_appended(x)
        for stint in self.stints.values():
            if stint.claim and stint.claim[0] == x["ticket"]:
                stint.claim, stint.not_before = None, self.now + self.period

    def in_assigned(self, x):
        self.owned.add(x["role"])

    def in_asked_back(self, x):
        self.owned.discard(x["role"])
        self.stints[x["role"]].owes = True

    def in_lost(self, x):
        self.owned.discard(x["role"])
        stint = self.stints[x["role"]]
        stint.owes = False
        if stint.led:
            self.lose(stint)

    def in_left(self, _):
        for role in list(self.owned):
            self.in_lost({"role": role})

    def in_contend(self, x):
        self.stints[x["role"]] = Stint()
        self.stints[x["role"]].contends = True
        self.see_all_of(x["role"])

    def in_drop(self, x):
        self.stop(x["role"], self.stints[x["role"]])
        self.stints[x["role"]] = Stint()

    def in_close(self, x):
        self.stints[x["role"]].closing = True

    def in_fail(self, _):
        for stint in self.stints.values():
            stint.closing, stint.claim, stint.release = True, None, None
            self.lose(stint)

    def in_barrier_done(self, x):
        stint = self.stints[x["role"]]
        if stint.barrier and stint.barrier[0] == x["id"]:
            self.barrier_ends(x["role"], stint)

    def barrier_ends(self, name, stint):
        if stint.barrier[1] == "revoked":
            self.orderly.append((name, stint.barrier[2], stint.barrier[3], self.now))
        stint.barrier = None

    def in_watch(self, x):
        self.see_all_of(x["role"])

    def in_unwatch(self, _): pass
    def in_resign(self, _): pass
    def in_set_metadata(self, _): pass
    def in_tick(self, _): pass

    # --- what was done about it ---

    def out_append(self, x):
        getattr(self, "append_" + x["record"]["kind"])(x["ticket"], x["record"])

    def append_claim(self, ticket, r):
        role, stint = self.role(r["role"]), self.stints[r["role"]]
        require(r["id"] == self.id, "a claim in another's name")
        require(stint.contends and not stint.closing, "a claim without a candidate")
        require(not stint.term and not stint.claim, "a claim while a term or a claim is held")
        require(not stint.release, "a claim before the outcome of a release")
        require(not stint.barrier, "a claim while a barrier runs")
        require(role.synced and self.at_end, "a claim by one who does not know the ledger")
        self.require_basis(r)
        require(role.holder or self.log.grown, "a claim by one who does not know the log's time")
        require(self.now >= stint.not_before, "a claim too soon after what went wrong")
        vacant = role.released or role.holder == self.id or self.now >= role.free_at(self.id)
        require(vacant, "a claim against one who may lead")
        require(r["term"] > role.highest, "a claim of a term that does not grow")
        least, most = (max(role.highest, t) + 1 for t in (self.log_time, self.log_clock.at(self.now)))
        require(least <= r["term"] <= most,
                "a claim of a term that is not the next by what was seen and the log's time")
        right = not self.group or r["role"] in self.owned or self.now < role.open_until
        require(right, "a claim without the right to it")
        role.highest = r["term"]
        stint.claim = (ticket, r["term"], self.now, role.term)

    def append_heartbeat(self, _, r):
        require(r["id"] == self.id, "a heartbeat in another's name")
        self.require_basis(r)
        require(r["terms"] or r.get("open") or any(map(self.needs_the_time, self.stints)),
                "a heartbeat that says nothing")
        for name, term in r["terms"].items():
            stint = self.stints[name]
            require(stint.term == term, f"a heartbeat for {name}/{term}, which is not held")
            self.require_told(name, r.get("wait_ms", {}).get(name, 0))
        for name in r.get("open", []):
            require(name in self.owned, f"{name} is left open by one who does not own it")
            require(not self.stints[name].term, f"{name} is left open by one who holds it")
        self.beats[r["seq"]] = self.now

    def needs_the_time(self, name):
        """Whether it may not claim yet, as it has read no record that was appended after it had
        reached the end."""
        role, stint = self.role(name), self.stints[name]
        knows = role.holder or self.log.grown
        return stint.contends and not stint.closing and self.at_end and role.synced and not knows

    def require_basis(self, r):
        require(r["based_on"] == self.log.last,
                f"a {r['kind']} based on something else than was read")
        require(r.get("seen") == self.log.seen,
                f"a {r['kind']} that names another record than was read at {r['based_on']}")

    def append_release(self, ticket, r):
        stint = self.stints[r["role"]]
        if stint.claim and stint.claim[1] == r["term"]:
            require(r["based_on"] == -1, "the withdrawal of a claim that was not read vouches for it")
            require("seen" not in r, "the withdrawal of a claim that was not read vouches for it")
            sent, stint.claim = stint.claim[2], None
        else:
            self.require_basis(r)
            require(stint.term == r["term"], "a release of a term that is not held")
            require(not stint.led or stint.handed_over, "a release without the barrier")
            require(not stint.barrier, "a release before the barrier has returned")
            sent = stint.sent
            self.lose(stint)
        self.require_told(r["role"], r.get("wait_ms", 0))
        self.stop(r["role"], stint)
        stint.release = (ticket, sent + self.lease)

    def require_told(self, name, wait_ms):
        """It must not tell others to wait for less time than it has to wait itself."""
        require(self.now + wait_ms * 10**6 >= self.role(name).free_at(self.id),
                f"{wait_ms} ms is not how long older leases of {name} may still run")

    def require_leading(self, name, term):
        role, stint = self.role(name), self.stints[name]
        require(stint.term == term, f"leads {name}/{term} without its claim read back (rules 1, 2)")
        require(self.now >= role.free_at(self.id), f"leads {name}/{term} during a lease (rule 3)")
        require(self.now < stint.sent + self.lease, f"leads {name}/{term} after its lease (rule 4)")

    def out_lead(self, x):
        stint = self.stints[x["role"]]
        self.require_leading(x["role"], x["term"])
        require(x["until_ns"] == stint.sent + self.lease,
                "a lease that does not count from the newest own record read back (rule 4)")
        require(stint.led and not stint.barrier, "leads before its barrier has returned")
        self.stop(x["role"], stint)
        stint.says_yes_until = x["until_ns"]
        self.intervals.append([x["role"], x["term"], self.now, x["until_ns"]])

    def out_stop_leading(self, x):
        self.stop(x["role"], self.stints[x["role"]])

    def stop(self, name, stint):
        if stint.says_yes_until is None:
            return
        last = next(i for i in reversed(self.intervals) if i[0] == name)
        last[3] = min(last[3], self.now)
        stint.says_yes_until = None

    def out_run_barrier(self, x):
        name, stint = x["role"], self.stints[x["role"]]
        kind, term = x["event"]["kind"], x["event"]["term"]
        require(not stint.barrier, "two barriers at once")
        stint.barrier = (x["id"], kind, term, self.now)
        if kind == "acquired":
            self.require_leading(name, term)
            require(term > stint.last_acquired, "acquired with an old token")
            stint.led, stint.last_acquired = True, term
            self.acquired.append((name, term, self.now))
        if kind == "revoked":
            require(stint.says_yes_until is None, "the barrier of a hand-over while it says yes")
            stint.handed_over = True
        if kind == "fenced":
            require(stint.says_yes_until is None or self.now >= stint.says_yes_until,
                    "fenced, and says yes")

    def out_cancel_barrier(self, x):
        stint = self.stints[x["role"]]
        if stint.barrier and stint.barrier[1] == "revoked":
            stint.barrier = (stint.barrier[0], "cancelled", *stint.barrier[2:])
        elif stint.barrier and stint.barrier[1] == "fenced":
            stint.not_before = max(stint.not_before, stint.lease_ends)

    def out_abandon_barrier(self, x):
        stint = self.stints[x["role"]]
        stint.barrier = None
        stint.not_before = max(stint.not_before, stint.lease_ends)

    def out_give_back(self, x):
        stint = self.stints[x["role"]]
        require(not stint.term, "the group gets back what is still held")
        require(not stint.release, "the group gets the role back before the release's outcome")
        stint.owes = False

    def out_emit(self, x):
        kind, term = x["event"]["kind"], x["event"].get("term")
        if kind == "fenced":
            self.lose(self.stints[x["role"]])
        if kind == "changed" and term:
            role = self.role(x["role"])
            require(term >= role.highest_told, f"tells of {x['role']}/{term} after a later term")
            role.highest_told = term

    def out_read_back(self, _):
        self.at_end = self.owes_reading = False

    def out_hindered(self, x):
        leads = self.stints[x["role"]].says_yes_until is not None
        require((x["by"] == "none") == leads, "hindered while it leads, or by nothing")

    def out_finished(self, x):
        require(not self.stints[x["role"]].term, "ends with a term held")
        self.stints[x["role"]] = Stint()
