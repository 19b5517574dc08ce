# SPDX-License-Identifier: BSL-1.0
"""Counts the instructions of the core's steps, by valgrind's callgrind, and their
calls of operator new. Both are the same on every machine with the same compiler
and libraries.

Instructions are the difference between N and 2 N steps, divided by N, so that
what happens only once does not count.
"""

import concurrent.futures
import json
import os
import re
import subprocess

from fleet import BUILD

PROGRAM = BUILD / "benchmarks/neli_core_steps"
COUNT = re.compile(r"Collected : (\d+)")


def instructions(program, step, count):
    words = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
             "--toggle-collect=neli_measured_step", program, "--step", step, "--count", str(count)]
    run = subprocess.run(words, check=True, capture_output=True, text=True)
    return int(COUNT.search(run.stderr)[1])


def measure(count=1000, program=PROGRAM):
    """For each step, its instructions and its allocations."""
    def one(step):
        return (instructions(program, step, 2 * count) - instructions(program, step, count)) / count

    run = subprocess.run([program, "--count", str(count)], check=True, stdout=subprocess.PIPE)
    steps = json.loads(run.stdout)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for step, n in zip(steps, pool.map(one, steps)):
            steps[step]["instructions"] = round(n, 1)
    return steps
