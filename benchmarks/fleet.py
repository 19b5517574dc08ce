# SPDX-License-Identifier: BSL-1.0
"""Shared by the benchmarks with processes and a real Kafka."""

import dataclasses
import os
import platform
import time
from pathlib import Path

import harness.fleet
from harness import ROOT
from harness.kafka.protocol import end_offset

BUILD = ROOT / "build/benchmarks"  # of the CMake preset of that name


class Fleet(harness.fleet.Fleet):
    def usage(self, seconds):
        """The use of each process while that time passes."""
        before = {name: Usage.of(p.pid) for name, p in self.processes.items()}
        time.sleep(seconds)
        return {name: Usage.of(p.pid).since(before[name]) for name, p in self.processes.items()}

    def usage_and_records(self, seconds):
        """The same, and the number of records that are written to the topic in a second."""
        first = end_offset(self.servers, self.topic)
        usage = self.usage(seconds)
        return usage, (end_offset(self.servers, self.topic) - first) / seconds


# --- the use of processes ---

@dataclasses.dataclass(frozen=True)
class Usage:
    """The use of a process so far, by all its threads together."""
    at: float
    cpu_ns: int
    switches: int
    threads: int
    resident_kb: int

    @classmethod
    def of(cls, pid):
        folder = Path(f"/proc/{pid}")
        tasks = list((folder / "task").iterdir())
        return cls(time.monotonic(),
                   sum(int((t / "schedstat").read_text().split()[0]) for t in tasks),
                   sum(status(t, "voluntary_ctxt_switches") for t in tasks),
                   status(folder, "Threads"), status(folder, "VmRSS"))

    def since(self, earlier):
        took = self.at - earlier.at
        return {"cpu_percent": (self.cpu_ns - earlier.cpu_ns) / took / 1e7,
                "switches_per_s": (self.switches - earlier.switches) / took,
                "threads": self.threads,
                "resident_mb": self.resident_kb / 1000}


def status(folder, key):
    for line in (folder / "status").read_text().splitlines():
        name, value = line.split(":", 1)
        if name == key:
            return int(value.split()[0])
    raise KeyError(key)


# --- what is reported ---

def percentile(samples, p):
    """The smallest sample that is not below p percent of the samples."""
    ordered = sorted(samples)
    return ordered[max(0, -(-len(ordered) * p // 100) - 1)]


def table(header, rows):
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine():
    model = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").open()
                  if line.startswith("model name")), platform.machine())
    return (f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores of {model}, "
            f"Linux {platform.release()}, load {os.getloadavg()[0]:.1f} at the start")
