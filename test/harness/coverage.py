#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""A table of what gcovr has counted, and what is missing: what scripts/coverage prints of FILE."""

import json
import sys


def branches(line):
    return [b["count"] > 0 for b in line["branches"] if not b.get("throw")]


def numbers(lines):
    """As "4, 7-9": neighbours form one word."""
    words = []
    for n in lines:
        if words and words[-1][1] == n - 1:
            words[-1][1] = n
        else:
            words.append([n, n])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in words)


def share(some):
    part = 100 * sum(some) / len(some) if some else 100
    return f"{sum(some):5} of {len(some):4} {part:5.1f} %"


def row(name, reached, taken):
    return f"{name:30} {share(reached)}   {share(taken)}"


def report(counted):
    """Its lines."""
    yield f"{'':30} {'lines':>19}   {'branches':>19}"
    all_reached, all_taken, missing = [], [], []
    for file in sorted(counted["files"], key=lambda f: f["file"]):
        lines = [l for l in file["lines"] if not l["gcovr/noncode"]]
        reached = [l["count"] > 0 for l in lines]
        taken = [b for l in lines for b in branches(l)]
        yield row(file["file"], reached, taken)
        all_reached += reached
        all_taken += taken
        never = [l["line_number"] for l in lines if not l["count"]]
        partly = [l["line_number"] for l in lines if l["count"] and not all(branches(l))]
        if never:
            missing.append(f"{file['file']}: lines {numbers(never)}")
        if partly:
            missing.append(f"{file['file']}: some branches of lines {numbers(partly)}")
    yield row("all", all_reached, all_taken)
    yield "\nnot reached:\n  " + "\n  ".join(missing or ["nothing"])


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as counted_file:
        print("\n".join(report(json.load(counted_file))))
