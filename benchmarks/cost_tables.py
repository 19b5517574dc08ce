# SPDX-License-Identifier: BSL-1.0
"""The recorded costs, as tables."""

from fleet import percentile, table
from results import spread, times

MINIMUM = {  # the least that each needs
    "co_await candidate.pulse()": "co_await asio::post()",
    "co_await candidate.pulse() in a sandbox": "co_await asio::post()",
    "co_await events.next()": "co_await asio::post()",
    "is_leader()": "clock_gettime(CLOCK_BOOTTIME)",
}


def micro_table(results):
    rows = []
    for name, measured in results.part("micro").items():
        ns = measured["cpu_ns"]
        minimum = MINIMUM.get(name)
        rows.append([f"`{name}`", spread(ns),
                     times(percentile(ns, 50), results.micro(minimum)) if minimum else "",
                     f"{measured['allocations']:.3g}"])
    return table(["CPU ns", "median (least-most, n)", "times its minimum", "allocations"], rows)


def idle_table(results):
    rows = []
    for contender, idle in results.part("idle").items():
        for who in ("leader", "standby"):
            if used := idle.get(who):
                rows.append([f"{who}: {contender}", f"{used['cpu_percent']:.2f}",
                             f"{used['switches_per_s']:.0f}", str(used["threads"]),
                             f"{used['resident_mb']:.1f}",
                             *(f"{idle[key]:.1f}" if key in idle else ""
                               for key in ("records_per_s", "bytes_per_s"))])
    return table(["idle", "% of a core", "voluntary switches/s", "threads", "MB resident",
                  "records/s of the topic", "bytes/s"], rows)


def limits_table(results):
    return table(["ms, without neli", "median (least-most, n)", "p99"],
                 [[kind, spread([t / 1e6 for t in ns]), f"{percentile(ns, 99) / 1e6:.1f}"]
                  for kind, ns in results.part("limits").items()])


def many_table(results):
    rows = []
    for what, used in results.part("many").items():
        cpu, switches = (f"{used[key]:.2f}" if key in used else ""
                         for key in ("cpu_percent", "switches_per_s"))
        rows.append([what, cpu, switches, str(used["threads"]), f"{used['resident_mb']:.1f}"])
    return table(["one process", "% of a core", "voluntary switches/s", "threads", "MB resident"],
                 rows)


def lag_table(results):
    keys = ("p50_us", "p90_us", "p99_us", "p99_9_us", "max_us")
    return table(["lateness of a 1 ms timer, us", "p50", "p90", "p99", "p99.9", "most"],
                 [[f"candidate: {variant}", *(f"{u[key]:.0f}" for key in keys)]
                  for variant, u in results.part("lag").items()])


def newcomer_table(results):
    return table(["records before a newcomer", "ms until it knows who leads", "bytes"],
                 [[f"{int(n):,}", spread(u["ms"]), f"{u['bytes']:,}"]
                  for n, u in results.part("newcomer").items()])


def roles_table(results):
    return table(["roles over three processes", "crash, p50 ms", "most ms", "% of a core, all three",
                  "records/s", "roles that two led at once"],
                 [[n, f"{u['crash_p50_ms']:.0f}", f"{u['crash_max_ms']:.0f}",
                   f"{u['cpu_percent']:.2f}", f"{u['records_per_s']:.2f}", str(u["led_by_two"])]
                  for n, u in results.part("roles").items()])


def crashes_table(results):
    found = results.part("crashes")
    rows = []
    for variant, by_way in found["crashes_ms"].items():
        for way, ms in [("all ways", [t for of_way in by_way.values() for t in of_way]), *by_way.items()]:
            rows.append([f"{variant}: {way}", spread(ms), f"{percentile(ms, 99):.1f}"])
        ends = found["ends_ms"][variant]
        rows.append([f"{variant}: of it, until the process has ended", spread(ends),
                     f"{percentile(ends, 99):.1f}"])
    for ms in found["roles_ms"]:
        rows.append([f"guard: {len(ms):,} roles of one process", spread(ms), f"{percentile(ms, 99):.1f}"])
    used = [[who, f"{u['cpu_percent']:.2f}", f"{u['switches_per_s']:.0f}", str(u["threads"]),
             f"{u['resident_mb']:.1f}"] for who, u in found["cost"].items()]
    return "\n\n".join([
        table(["crash of a process: until another leads, ms", "median (least-most, n)", "p99"], rows),
        table(["what a guard costs", "% of a core", "voluntary switches/s", "threads", "MB resident"],
              used)])


def writers_table(results):
    rows = []
    for kind, by_count in results.part("writers").items():
        for count, found in by_count.items():
            ms = [ns / 1e6 for ns in found["append"]]
            rows.append([f"{kind}: {count}", spread(ms), f"{percentile(ms, 99):.1f}",
                         str(found["failed"]), str(found["leading"])])
    return table(["an append with so many leaders over one ledger, ms", "median (least-most, n)",
                  "p99", "failed", "lead at the end"], rows)


def history_table(results):
    found = results.part("history")
    return table(["what a leader adds to etcd's history, lease 3 s", "bytes", "extrapolated, MB a day"],
                 [[f"in {found['seconds']} s", f"{found['bytes']:,}",
                   f"{found['bytes_per_day'] / 1e6:.0f}"]])


def instructions_table(results):
    return table(["a step of the core", "instructions", "allocations"],
                 [[step, f"{s['instructions']:,.0f}", f"{s['allocations']:.3g}"]
                  for step, s in results.part("instructions").items()])


TABLES = {"idle": idle_table, "many": many_table, "lag": lag_table, "micro": micro_table,
          "instructions": instructions_table, "limits": limits_table, "newcomer": newcomer_table,
          "roles": roles_table, "crashes": crashes_table, "writers": writers_table, "history": history_table}


def cost_tables(results):
    return "\n\n".join(show(results) for part, show in TABLES.items() if results.part(part))
