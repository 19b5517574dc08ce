# SPDX-License-Identifier: BSL-1.0
"""The recorded scenarios, as tables."""

import stalls
from fleet import table
from goals import NEXT
from results import OURS, number, spread, times

# In no package registry, so it was measured separately: by the same method, on the same kind of
# machine, with Kafka 3.9.1 (it does not lead on Kafka 4).
GONELI = {
    ("crash", NEXT): "15,500 (13,800-17,700, n=6)",
    ("hand-over", NEXT): "2,300 (1,100-3,200, n=8)",
    ("standbys", "interruptions a round"): "3 (24 of 24 times)",
    ("rolling restart", "without leader, ms"): "900-3,300",
    ("zombie", '"I lead" of 1,000 answers'): "all, 5 of 5 times",
}


def scenario_table(results):
    contenders = results.contenders()
    quoted = any(m in GONELI for m in results.metrics())
    rows = []
    for scenario, metric in results.metrics():
        by_contender = {c: results.samples(scenario, metric, c) for c in contenders}
        if metric == stalls.MEANWHILE and not any(map(any, filter(None, by_contender.values()))):
            continue
        cells = []
        for contender, samples in by_contender.items():
            failed = results.scenarios[scenario].get(contender, {}).get("failed")
            cells.append(spread(samples) if samples else f"failed: {failed}" if failed else "")
        rows.append([f"{scenario}: {metric}", *cells,
                     *([GONELI.get((scenario, metric), "")] if quoted else [])])
    return table(["median (least-most, n)", *contenders, *(["goNELI 0.5, quoted"] if quoted else [])],
                 rows)


def limits_of(results):
    """The limit that a figure of ours cannot go below, in its own unit, and its name."""
    appends = {"an append and its reading": results.limit("append and read"),
               "two, as release and claim are": results.limit("hand-over")}
    appends = {why: limit for why, limit in appends.items() if limit}
    return {("start", "to leading, ms"): appends, ("hand-over", NEXT): appends,
            ("crash", NEXT): {"the lease": 1000.0}}


def by_limits(figure, limits):
    return "; ".join(f"{times(figure, limit)} ({why}: {number(limit)})"
                     for why, limit in limits.items())


def ratio_table(results):
    """Each figure of ours divided by its limit, and each peer's by ours: above 1, ours is less."""
    peers = [c for c in results.contenders() if c != OURS]
    limits = limits_of(results)
    rows = []
    for scenario, metric in results.metrics():
        ours = results.p(50, scenario, metric)
        if ours is None or metric == stalls.MEANWHILE:
            continue
        rows.append([f"{scenario}: {metric}", number(ours),
                     by_limits(ours, limits.get((scenario, metric), {})),
                     *(against(results.p(50, scenario, metric, peer), ours) for peer in peers)])
    clock = results.micro("clock_gettime(CLOCK_BOOTTIME)")
    post = results.micro("co_await asio::post()")
    for name, limit, why in (("is_leader()", clock, "reading the clock"),
                             ("co_await candidate.pulse()", post, "a post")):
        if (ours := results.micro(name)) and limit:
            rows.append([f"`{name}`, ns", number(ours), by_limits(ours, {why: limit}),
                         *[""] * len(peers)])
    return table(["median", OURS, "times its limit", *(f"{p}, times ours" for p in peers)], rows)


def against(theirs, ours):
    if theirs is None:
        return ""
    if not ours:
        return "1" if not theirs else f"{number(theirs)} against 0"
    return times(theirs, ours)
