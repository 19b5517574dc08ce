# SPDX-License-Identifier: BSL-1.0
"""Which of the tests tells of a bug."""

import concurrent.futures
import re
import subprocess
import threading

from copied import BUILD, TREE, write
from rules import Broken


def simulations(seeds):
    """The core alone, and fewer worlds with the shell around it, as those take longer."""
    for make, count in (("core", seeds), ("shell", seeds // 5), ("mixed", seeds // 5)):
        for arbitration in ("ledger", "group", "mixed"):
            yield ["test/neli_sim", "--make", make, "--arbitration", arbitration,
                   "--count", str(max(1, count))]
    yield ["test/neli_sim", "--make", "shell", "--arbitration", "ledger",
           "--count", str(max(1, seeds // 5)), "--store", "register"]


TESTS = ("unit", "shell", "simulator", "guard")


def commands(test, options):
    if test == "simulator":
        return list(simulations(options.seeds))
    return [[f"test/neli_{test}_test"]]


def tests_for(file, options):
    """A bug of the core is left to the unit tests and the simulator, as the shell's tests take
    much longer. One of the guard shows in real processes only."""
    wanted = options.by or TESTS
    if "src/guard/" in file:
        return [t for t in ("guard",) if t in wanted]
    without = {"guard", "shell"} if "src/core/" in file else {"guard"}
    return [t for t in TESTS if t in wanted and t not in without]


def compile(tests, options):
    targets = ["neli_sim" if t == "simulator" else f"neli_{t}_test" for t in tests]
    made = subprocess.run(["ninja", "-C", BUILD, f"-j{options.jobs}", *targets],
                          capture_output=True, text=True)
    if made.returncode != 0:
        raise Broken(f"it does not compile:\n{made.stdout[-3000:]}")


def first_complaint(command, timeout):
    """The program's first failure, or None if it passes."""
    program = subprocess.Popen([BUILD / command[0], *command[1:]], cwd=BUILD, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    hangs = threading.Event()
    clock = threading.Timer(timeout, lambda: (hangs.set(), program.kill()))
    clock.start()
    try:
        for line in program.stdout:
            if case := re.search(r'error: in "([^"]+)"', line):
                return case[1]
            if seed := re.match(r"seed (\d+): (.*)", line):
                return f"{command[2]}, {command[4]}, seed {seed[1]}: {seed[2]}"
        if program.wait() == 0:
            return None
        return "hangs" if hangs.is_set() else f"ends with {program.returncode}"
    finally:
        clock.cancel()
        program.kill()
        program.wait()


def complaints(tests, options):
    """The first failure of each test, or None if it passes."""
    compile(tests, options)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        def run(test):
            # Processes that are to be silent have to be waited for.
            timeout = options.timeout * (10 if test == "guard" else 1)
            return next(filter(None, (first_complaint(c, timeout)
                                      for c in commands(test, options))), None)
        return dict(zip(tests, pool.map(run, tests)))


def complaints_until_caught(tests, options):
    found = {}
    for test in tests:
        found |= complaints([test], options)
        if found[test]:
            break
    return found


def judge(mutation, options):
    original = (TREE / mutation.file).read_text()
    look = complaints_until_caught if options.until_caught else complaints
    try:
        write(TREE / mutation.file, mutation.apply(original).encode())
        return look(tests_for(mutation.file, options), options)
    finally:
        write(TREE / mutation.file, original.encode())
