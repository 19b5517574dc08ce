# SPDX-License-Identifier: BSL-1.0
"""Runs what is measured, part by part, and keeps what came out."""

import json
import subprocess
import sys

import contenders
import costs
import instructions
import scenarios
import servers
from fleet import ROOT, Silence, machine, say

BUILD = ROOT / "build/release"
TARGETS = ["neli_tool", "neli_micro", "neli_classic", "neli_core_steps", "neli_empty", "neli_fill",
           "neli_limits", "neli_loop_lag"]


def build():
    subprocess.run(["cmake", "--preset", "release"],
                   cwd=ROOT, check=True, stdout=sys.stderr)
    subprocess.run(["ninja", "-C", BUILD, *TARGETS], check=True, stdout=sys.stderr)


# --- the parts ---

def micro(quick):
    """The repetitions of all take turns, so that noise meets all alike."""
    words = [BUILD / "benchmarks/neli_micro", "--benchmark_format=json",
             "--benchmark_enable_random_interleaving=true",
             f"--benchmark_repetitions={3 if quick else 20}", "--benchmark_min_time=0.1"]
    run = subprocess.run(words, check=True, stdout=subprocess.PIPE)
    measured = {}
    for r in json.loads(run.stdout)["benchmarks"]:
        if r["run_type"] == "iteration":
            one = measured.setdefault(r["run_name"], {"cpu_ns": [], "allocations": 0})
            one["cpu_ns"].append(round(r["cpu_time"], 1))
            one["allocations"] = max(one["allocations"], round(r.get("allocations", 0), 3))
    return measured


def many(kafka, quick):
    found = costs.many_candidates(kafka, (1, 100) if quick else (1, 10, 100), 5 if quick else 20)
    return {"an empty program": costs.empty_program(),
            **{f"{n} candidates": used for n, used in found.items()}}


ALONE = {
    "micro": micro,
    "instructions": lambda quick: instructions.measure(),
}
WITH_KAFKA = {
    "limits": lambda kafka, quick: costs.limits(kafka, 20 if quick else 200),
    "many": many,
    "lag": lambda kafka, quick: costs.loop_lag(kafka, 1 if quick else 7, 3 if quick else 8),
    "newcomer": lambda kafka, quick: costs.growth_newcomer(
        kafka, (1_000, 10_000) if quick else (1_000, 10_000, 100_000, 1_000_000),
        1 if quick else 5),
    "roles": lambda kafka, quick: costs.growth_roles(
        kafka, (100,) if quick else (1, 10, 100, 1000), kills=1 if quick else 5,
        idle=2 if quick else 15),
}


def idle(server, chosen, quick, keep):
    for contender in prompt(chosen):
        keep([contender.name], lambda c=contender: costs.idle(c, server.servers, 3 if quick else 30))


def candidates(server, chosen, quick, keep):
    size = scenarios.QUICK if quick else scenarios.FULL
    for name, scenario in scenarios.WITH_CANDIDATES.items():
        # A long lease or session makes a difference only where it has to pass.
        by_timeout = name in scenarios.BY_TIMEOUT and not quick
        for contender in chosen if by_timeout else prompt(chosen):
            keep([name, contender.name], lambda c=contender: scenario(c, server.servers, size))


def growth(server, chosen, quick, keep):
    for contender in prompt(chosen):
        for count in (2, 10) if quick else (2, 5, 10, 20, 50):
            keep([contender.name, str(count)], lambda c=contender: scenarios.hand_over_among(
                count, c, server.servers, scenarios.QUICK if quick else scenarios.FULL))


def restarts(server, chosen, quick, keep):
    size = scenarios.QUICK if quick else scenarios.FULL
    name = "server restart" if len(server.nodes) == 1 else "cluster restart"
    keep([name], lambda: scenarios.disturbed(prompt(chosen), server, name, size))


WITH_EACH = {"idle": idle, "candidates": candidates, "growth": growth, "servers": restarts}
PARTS = [*ALONE, *WITH_KAFKA, *WITH_EACH]
# What comes of these are scenarios, too.
SCENARIOS = ["candidates", "servers"]


def prompt(chosen):
    """Those whose lease or session is as short as it may be."""
    return [c for c in chosen if not c.by_default]


# --- all of them ---

def keep_in(recorded, part):
    """Keeps what comes of a measurement or why nothing did: the others are made all the same."""
    def keep(path, measured):
        try:
            result = measured()
        except Silence as e:
            say(f"{part}: {', '.join(path)} failed: {e}")
            result = {"failed": str(e)}
        into = recorded.setdefault("scenarios" if part in SCENARIOS else part, {})
        for folder in path[:-1]:
            into = into.setdefault(folder, {})
        into[path[-1]] = result
    return keep


def measure(only, chosen, quick, recorded):
    """Those parts, into what is recorded."""
    recorded |= {"machine": machine(), "quick": quick}
    recorded.setdefault("versions", {})
    for contender in chosen:
        contender.build()
    for part, measured in ALONE.items():
        if part in only:
            recorded[part] = measured(quick)
    for kind, server in servers.KINDS.items():
        mine = [c for c in chosen if c.kind == kind]
        parts = {part: measured for part, measured in WITH_EACH.items() if part in only and mine}
        of_kafka = {part: measured for part, measured in WITH_KAFKA.items()
                    if part in only and kind == "kafka"}
        if not parts and not of_kafka:
            continue
        with server() as single:
            recorded["versions"][server.__name__] = single.version
            for part, measured in of_kafka.items():
                recorded[part] = measured(single.servers, quick)
            for part, measured in parts.items():
                measured(single, mine, quick, keep_in(recorded, part))
        if "servers" in parts:
            with server(nodes=3) as cluster:
                restarts(cluster, mine, quick, keep_in(recorded, "servers"))
