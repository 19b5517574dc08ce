# SPDX-License-Identifier: BSL-1.0
"""Neli's goals, and whether it met them."""

import dataclasses
import typing

from fleet import percentile, table
from results import GROUP, OURS


@dataclasses.dataclass(frozen=True)
class Goal:
    what: str
    at_most: typing.Any  # a function of the results, or a number
    measured: typing.Callable


def most(results, scenario, metric, contender=OURS):
    samples = results.samples(scenario, metric, contender)
    return max(samples) if samples else None


def both(results, scenario, metric):
    found = [most(results, scenario, metric, c) for c in (OURS, GROUP)]
    return None if None in found else max(found)


NEXT = "to the next leader, ms"


def crash_with(guard, percent):
    """Of all ways in which a process dies."""
    def measured(results):
        by_way = results.cost("crashes", "crashes_ms", guard)
        return by_way and percentile([t for ms in by_way.values() for t in ms], percent)
    return measured


def latest_role(results):
    crashes = results.cost("crashes", "roles_ms")
    return crashes and max(t for ms in crashes for t in ms)


GOALS = [
    Goal("crash, ledger, lease 1 s: p99, ms", 1500, lambda r: r.p(99, "crash", NEXT)),
    Goal("crash with a guard, lease 3 s: p50, ms", 8, crash_with("guard", 50)),
    Goal("crash with a guard, lease 3 s: p99, ms", 25, crash_with("guard", 99)),
    Goal("crash with a guard, 2 GB resident: p50, ms", 8, crash_with("guard, 2 GB", 50)),
    Goal("crash with a guard, 2 GB resident: p99, ms", 25, crash_with("guard, 2 GB", 99)),
    Goal("crash with a guard, 2 GB freed later: p50, ms", 8, crash_with("guard, 2 GB freed later", 50)),
    Goal("crash with a guard, 2 GB freed later: p99, ms", 25, crash_with("guard, 2 GB freed later", 99)),
    Goal("crash with a guard, 2 GB in huge pages: p50, ms", 8,
         crash_with("guard, 2 GB in huge pages", 50)),
    Goal("crash with a guard, 2 GB in huge pages: p99, ms", 25,
         crash_with("guard, 2 GB in huge pages", 99)),
    Goal("crash with a guard, 1,000 roles of one process: the last, ms", 100, latest_role),
    Goal("hand-over, ledger: p50, ms", 10, lambda r: r.p(50, "hand-over", NEXT)),
    Goal("hand-over, ledger: p50, times etcd's", 2,
         lambda r: ratio(r.p(50, "hand-over", NEXT), r.p(50, "hand-over", NEXT, "etcd 2 s"))),
    Goal("hand-over, group: p50, ms", 350, lambda r: r.p(50, "hand-over", NEXT, GROUP)),
    Goal('zombie: "I lead" of 1,000 answers, the most', 0,
         lambda r: both(r, "zombie", '"I lead" of 1,000 answers')),
    Goal("standbys come and go: interruptions, the most", 0,
         lambda r: both(r, "standbys", "interruptions a round")),
    Goal("standbys come and go: without leader, the most, ms", 0,
         lambda r: both(r, "standbys", "without leader a round, ms")),
    Goal("rolling restart of three, ledger: without leader, p50, ms", 50,
         lambda r: r.p(50, "rolling restart", "without leader, ms")),
    Goal("start of a first candidate on an existing topic, ledger: p50, ms", 1000,
         lambda r: r.p(50, "start", "to leading, ms")),
    Goal("idle, ledger, lease 1 s, leading: % of a core", 0.3,
         lambda r: r.cost("idle", OURS, "leader", "cpu_percent")),
    Goal("idle, ledger, lease 1 s, standing by: % of a core", 0.2,
         lambda r: r.cost("idle", OURS, "standby", "cpu_percent")),
    Goal("threads of a process, ledger", 10, lambda r: r.cost("idle", OURS, "leader", "threads")),
    Goal("threads of a process, group", 15, lambda r: r.cost("idle", GROUP, "leader", "threads")),
    Goal("threads of a process with 100 candidates, ledger", 10,
         lambda r: r.cost("many", "100 candidates", "threads")),
    Goal("resident memory, more than an empty program's, MB", 12,
         lambda r: less(r.cost("idle", OURS, "leader", "resident_mb"),
                        r.cost("many", "an empty program", "resident_mb"))),
    # Rounded, as the start of the half minute decides about one record more or less.
    Goal("records a second, lease 1 s", 4,
         lambda r: rounded(r.cost("idle", OURS, "records_per_s"))),
    Goal("p99 of a 1 ms timer beside a leader, times without", 1.1,
         lambda r: ratio(r.cost("lag", "leader", "p99_us"),
                         r.cost("lag", "none", "p99_us"))),
]


# Over each store, and its own elector with the shortest session that it grants.
STORES = {"neli etcd 1 s": "etcd 2 s", "neli ZooKeeper 1 s": "ZooKeeper 4 s",
          "neli Consul 1 s": "Consul 10 s"}
ANSWERS = '"I lead" of 1,000 answers'


def goals_of(ours, theirs):
    return [
        Goal(f"{ours}: crash, p99, ms", 1200, lambda r: r.p(99, "crash", NEXT, ours)),
        Goal(f"{ours}: hand-over, p50, ms", 10, lambda r: r.p(50, "hand-over", NEXT, ours)),
        Goal(f"{ours}: hand-over, p50, times that of {theirs}", 2,
             lambda r: ratio(r.p(50, "hand-over", NEXT, ours), r.p(50, "hand-over", NEXT, theirs))),
        Goal(f"{ours}: zombie, {ANSWERS}, the most", 0, lambda r: most(r, "zombie", ANSWERS, ours)),
        Goal(f"{ours}: threads", 1, lambda r: r.cost("idle", ours, "leader", "threads")),
        Goal(f"{ours}: resident memory, MB", 10,
             lambda r: r.cost("idle", ours, "leader", "resident_mb")),
    ]


def ratio(a, b):
    return None if a is None or not b else a / b


def rounded(a):
    return None if a is None else round(a, 1)


def less(a, b):
    return None if a is None or b is None else a - b


def goal_table(results):
    rows = []
    of_stores = [g for ours, theirs in STORES.items() if ours in results.contenders()
                 for g in goals_of(ours, theirs)]
    for goal in [*GOALS, *of_stores]:
        measured = goal.measured(results)
        if measured is None:
            rows.append([goal.what, f"<= {goal.at_most}", "not measured", ""])
        else:
            rows.append([goal.what, f"<= {goal.at_most}", f"{measured:.2f}".rstrip("0").rstrip("."),
                         "yes" if measured <= goal.at_most else "**no**"])
    return table(["goal", "bound", "measured", "met"], rows)
