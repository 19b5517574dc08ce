# SPDX-License-Identifier: BSL-1.0
"""Runs the measurements, part by part, and keeps the results."""

import concurrent.futures
import contextlib
import json
import subprocess
import sys
import time

import contenders
import costs
import crashes
import instructions
import scenarios
import stalls
from fleet import BUILD, machine
from harness import ROOT, say
from harness.fleet import Silence
from harness.servers import KINDS

TARGETS = ["neli_tool", "neli_micro", "neli_classic", "neli_core_steps", "neli_empty", "neli_fill",
           "neli_limits", "neli_loop_lag", "neli_mortal", "neli_writers"]


def build():
    subprocess.run(["cmake", "--preset", "benchmarks"],
                   cwd=ROOT, check=True, stdout=sys.stderr)
    subprocess.run(["ninja", "-C", BUILD, *TARGETS], check=True, stdout=sys.stderr)


# --- the parts ---

def micro(quick):
    """The repetitions of all benchmarks take turns, so that noise meets all of them alike."""
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
    "lag": lambda kafka, quick: costs.loop_lag(kafka, 1 if quick else 5, 3 if quick else 6),
    "newcomer": lambda kafka, quick: costs.growth_newcomer(
        kafka, (1_000, 10_000) if quick else (1_000, 10_000, 100_000, 1_000_000),
        1 if quick else 5),
    "roles": lambda kafka, quick: costs.growth_roles(
        kafka, (100,) if quick else (1, 100, 1000), kills=1 if quick else 2,
        idle=2 if quick else 10),
    "crashes": crashes.measure,
}


class Field:
    """All contenders, each with its server."""

    def __init__(self, chosen, running, quick, recorded):
        self.chosen = chosen
        self.running = running  # by kind
        self.quick = quick
        self.recorded = recorded
        self.size = scenarios.QUICK if quick else scenarios.FULL

    def prompt(self):
        """The contenders whose lease or session is as short as possible."""
        return [c for c in self.chosen if not c.by_default]

    def each(self, among, path, measured, at_once=False):
        """Keeps the result of each measurement, or why it failed: the others are made all the same.
        One after the other, unless the run is to be quick."""
        def one(contender):
            try:
                result = measured(contender, self.running[contender.kind].servers)
            except Silence as e:
                say(f"{contender.name}: {path[-1]} failed: {e}")
                result = {"failed": str(e)}
            into = self.recorded
            for folder in path:
                into = into.setdefault(folder, {})
            into[contender.name] = result

        at_once = at_once or self.quick
        with concurrent.futures.ThreadPoolExecutor(len(among) if at_once else 1) as pool:
            list(pool.map(one, among))


def idle(field):
    field.each(field.prompt(), ["idle"],
               lambda c, servers: costs.idle(c, servers, 3 if field.quick else 20))


def candidates(field):
    for name, scenario in scenarios.WITH_CANDIDATES.items():
        # The default timeout makes a difference only where a candidate has to wait for it.
        among = field.chosen if name == "crash" and not field.quick else field.prompt()
        field.each(among, ["scenarios", name],
                   lambda c, servers: scenario(c, servers, field.size),
                   at_once=name in scenarios.AT_ONCE)


def growth(field):
    for count in (2, 10) if field.quick else (2, 10, 50):
        field.each(field.prompt(), ["growth", str(count)], lambda c, servers:
                   scenarios.hand_over_among(count, c, servers, field.size))


def server_restart(field):
    field.recorded.setdefault("scenarios", {})["server restart"] = scenarios.restarts(
        field.prompt(), field.running, field.size.restarts)


def cluster_restart(field):
    with clusters(field.running, 3) as running:
        field.recorded.setdefault("scenarios", {})["cluster restart"] = scenarios.restarts(
            field.prompt(), running, 1)


def writers(field):
    counts, seconds = ((1, 10), 3) if field.quick else ((1, 3, 10, 30), 15)
    field.recorded["writers"] = costs.writers(field.running, counts, seconds)


def history(field):
    if "etcd" in field.running:
        field.recorded["history"] = costs.history(field.running["etcd"], 10 if field.quick else 60)


WITH_ALL = {"idle": idle, "writers": writers, "history": history,
            "candidates": candidates, "growth": growth, "server restart": server_restart,
            "cluster restart": cluster_restart}
PARTS = [*ALONE, *WITH_KAFKA, *WITH_ALL]


# --- all of them ---

@contextlib.contextmanager
def clusters(kinds, nodes):
    """The servers of each kind, until the end."""
    with contextlib.ExitStack() as stack:
        yield {kind: stack.enter_context(KINDS[kind](nodes)) for kind in kinds}


@contextlib.contextmanager
def timed(what):
    began = time.monotonic()
    yield
    say(f"{what}: done in {time.monotonic() - began:.0f} s")


def warm_up(kind, address, quick):
    """A server in a JVM is slow at first, which is not to be measured."""
    with timed(f"{kind}: warming up"):
        if kind == "kafka":
            costs.limits(address, 30 if quick else 400)
        if kind == "zookeeper":
            contenders.write_to_zookeeper(address, 300 if quick else 4000)


def measure(only, chosen, quick, recorded):
    """Measures these parts, into what is recorded."""
    recorded |= {"machine": machine(), "quick": quick}
    if not only.isdisjoint(WITH_ALL):
        with timed("building the peers"):
            for contender in chosen:
                contender.build()
    with stalls.watched() as recorded["stalls"]:
        measure_parts(only, chosen, quick, recorded)


def measure_parts(only, chosen, quick, recorded):
    for part, measured in ALONE.items():
        if part in only:
            with timed(part):
                recorded[part] = measured(quick)
    kinds = {c.kind for c in chosen if not only.isdisjoint(WITH_ALL)}
    if not only.isdisjoint(WITH_KAFKA):
        kinds.add("kafka")
    with clusters(sorted(kinds), 1) as running:
        for kind, server in running.items():
            recorded.setdefault("versions", {})[type(server).__name__] = server.version
            warm_up(kind, server.servers, quick)
        for part, measured in WITH_KAFKA.items():
            if part in only:
                with timed(part):
                    recorded[part] = measured(running["kafka"].servers, quick)
        field = Field(chosen, running, quick, recorded)
        for part, measured in WITH_ALL.items():
            if part in only:
                with timed(part):
                    measured(field)
