# SPDX-License-Identifier: BSL-1.0
"""The costs of an election to a service, on a real Kafka: of idle processes, of a candidate for the
event loop beside it, and how costs grow with records and with roles.

Each function returns what it has measured as a dictionary that json can write.
"""

import itertools
import json
import statistics
import subprocess
import time
import urllib.request

import many_roles
from fleet import BUILD, Fleet, Usage, percentile
from harness import PATIENCE, say
from harness.kafka.protocol import end_offset, log_size
from leading import Election

NELI = str(BUILD / "tools/neli")
PROGRAMS = BUILD / "benchmarks"
CONTENDER = [NELI, "contend", "--no-prober", "--pulse-ms", "1000"]
WORDS = ["--lease-ms", "1000"]
SETTLE = 3.0  # seconds after which a newcomer is like all others

topics = (f"costs-{time.time_ns() % 10**9}-{i}" for i in itertools.count(1))


# --- the use of idle processes ---

def idle(contender, servers, seconds):
    """The use of an idle leader and standby, and the records that they write."""
    with Election(contender, servers, contender.idle_words) as election:
        election.found(1)
        election.join()
        time.sleep(SETTLE)
        leader = [fact.name for fact in election.said if fact.what == "LEAD"][-1]
        say(f"{contender.name}: idle for {seconds} s")

        def written():
            if contender.kind != "kafka":
                return 0, 0
            return end_offset(servers, election.topic), log_size(servers, election.topic)

        first = written()
        used = election.usage(seconds)
        records, size = (now - then for now, then in zip(written(), first))
        result = {"leader" if name == leader else "standby": u for name, u in used.items()}
        if contender.kind == "kafka":
            result |= {"records_per_s": records / seconds, "bytes_per_s": size / seconds}
        return result


def many_candidates(servers, counts, seconds):
    """One process with so many candidates, all of which lead."""
    result = {}
    for count in counts:
        with many_roles.Roles(NELI, servers, next(topics), count, lease_ms=1000) as fleet:
            name = fleet.start()
            fleet.all_led()
            time.sleep(SETTLE)
            say(f"{count} candidates in a process, idle for {seconds} s")
            usage, records = fleet.usage_and_records(seconds)
            result[count] = {**usage[name], "records_per_s": records}
            fleet.close()
    return result


def empty_program():
    """A process with the same libraries and an event loop that has nothing to do."""
    process = subprocess.Popen([PROGRAMS / "neli_empty"])
    try:
        time.sleep(1)
        usage = Usage.of(process.pid)
        return {"resident_mb": usage.resident_kb / 1000, "threads": usage.threads}
    finally:
        process.kill()
        process.wait()


# --- the effect of a candidate on others on its event loop ---

def loop_lag(servers, repetitions, seconds):
    """How late a server's timer is. The variants take turns, so that noise meets all of them alike.
    Another process leads while the server stands by, and stands by while it leads. Without a
    candidate there are two other processes, for the same load on the machine."""
    variants = ("none", "standby", "leader")
    samples = {variant: [] for variant in variants}
    for i in range(repetitions):
        for variant in variants:
            say(f"event loop's lag, {variant}: {i + 1}/{repetitions}")
            samples[variant].append(one_lag(servers, variant, seconds))
    keys = ("p50_us", "p90_us", "p99_us", "p99_9_us", "max_us")
    return {variant: {**{key: statistics.median(s[key] for s in all_) for key in keys},
                      "samples": all_} for variant, all_ in samples.items()}


def one_lag(servers, variant, seconds):
    topic = next(topics)
    with Fleet(CONTENDER, servers, topic, WORDS) as others:
        def join():
            since = time.monotonic_ns()
            others.expect(since, "LEADER", others.start())

        words = [PROGRAMS / "neli_loop_lag", "--candidate", variant,
                 "--servers", servers, "--topic", topic, "--seconds", str(seconds)]
        if variant != "leader":
            since = time.monotonic_ns()
            others.start()
            others.expect(since, "LEAD")
        if variant == "none":
            join()
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as measured:
            if variant == "leader":
                time.sleep(1.5)  # until it claims, after a lease
                join()
            out, _ = measured.communicate(timeout=seconds + PATIENCE)
        if measured.returncode:
            raise SystemExit(f"neli_loop_lag failed: {measured.returncode}")
        return json.loads(out)


# --- growth ---

def growth_newcomer(servers, counts, repetitions):
    """From a candidate's start until it has read who leads, behind so many records of a leader."""
    result = {}
    for count in counts:
        topic = next(topics)
        subprocess.run([PROGRAMS / "neli_fill", "--servers", servers, "--topic", topic,
                        "--records", str(count)], check=True)
        samples = []
        for _ in range(repetitions):
            with Fleet(CONTENDER, servers, topic, WORDS) as fleet:
                since = time.monotonic_ns()
                name = fleet.start()
                samples.append((fleet.expect(since, "LEADER", name).ns - since) / 1e6)
        result[count] = {"ms": samples, "p50_ms": percentile(samples, 50),
                         "bytes": log_size(servers, topic)}
        say(f"a newcomer behind {count} records: {result[count]['p50_ms']:.0f} ms")
    return result


def growth_roles(servers, counts, kills, idle):
    """A crash with so many roles over three processes, and their use."""
    result = {}
    for count in counts:
        say(f"{count} roles over three processes")
        one = many_roles.measure(NELI, servers, topic=next(topics), roles=count, processes=3,
                                 lease_ms=2000, kills=kills, idle=idle)
        ms = [t for crash in one["crashes_ms"] for t in crash]
        result[count] = {"crash_p50_ms": percentile(ms, 50), "crash_max_ms": max(ms),
                         "cpu_percent": sum(p["cpu_percent"] for p in one["processes"]), **one}
    return result


# --- many leaders over one ledger, and what a store keeps of one ---

def writers(running, counts, seconds):
    """Appends while so many leaders write into one ledger, over each kind of store."""
    result = {}
    for kind, server in running.items():
        for count in counts:
            say(f"{count} leaders over one ledger of {kind}")
            run = subprocess.run(
                [PROGRAMS / "neli_writers", "--store", f"{kind}://{server.servers}", "--ledger",
                 next(topics), "--writers", str(count), "--seconds", str(seconds)],
                check=True, stdout=subprocess.PIPE)
            result.setdefault(kind, {})[count] = json.loads(run.stdout)
    return result


def history(etcd, seconds):
    """What a leader with the default lease adds to etcd's history, which nobody compacts."""
    words = [NELI, "contend", "--no-prober", "--pulse-ms", "1000"]
    with Fleet(words, etcd.servers, next(topics),
               where="--store etcd://{servers} --ledger {topic}") as fleet:
        since = time.monotonic_ns()
        fleet.expect(since, "LEAD", fleet.start())
        # The register is as large as it gets when it has its sixteen records.
        time.sleep(15)
        say(f"what a leader adds to etcd's history in {seconds} s")
        before = in_use(etcd)
        time.sleep(seconds)
        grown = in_use(etcd) - before
    return {"seconds": seconds, "bytes": grown, "bytes_per_day": grown * 86400 / seconds}


def in_use(etcd):
    """The bytes of etcd's database, without what is free in it."""
    request = urllib.request.Request(f"http://{etcd.servers}/v3/maintenance/status", b"{}")
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return int(json.load(answer)["dbSizeInUse"])


# --- the least that Kafka takes ---

def limits(servers, count):
    """Appends and readings of plain librdkafka: by kind, all samples in ns."""
    run = subprocess.run([PROGRAMS / "neli_limits", "--servers", servers, "--topic",
                          next(topics), "--count", str(count)],
                         check=True, stdout=subprocess.PIPE)
    return json.loads(run.stdout)
