# SPDX-License-Identifier: BSL-1.0
"""Measures neli and its alternatives on this machine, in one run.

Builds for release, starts the servers, and writes results.json, tables (README.md) and
pictures (*.svg) into a folder. benchmarks/README.md says how each is measured.

A contender is any program that takes --name, --servers and --topic, leaves on SIGTERM,
and prints one line per fact:

  <ns of the monotonic clock> <name> <WHAT> [detail]

WHAT is STARTED (it contends), LEAD (it answers "I lead" from now on), NOLEAD (it does
not any more; detail: the ns of its first and last such answer), RESUMED (it was paused;
detail: the ms of the pause, and how many of its first 1,000 answers after it were
"I lead"). Other facts are ignored.

Tables go to stdout, progress to stderr.
"""

import argparse
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "test"))

import contenders
import measure
from fleet import BUILD
from harness import ROOT


def arguments():
    parser = argparse.ArgumentParser(prog="benchmarks/run", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true",
                        help="few repetitions, no long timeouts: less than ten minutes")
    parser.add_argument("--contender", metavar="NAME[@KIND]=COMMAND", action="append", default=[],
                        type=contenders.outside,
                        help="one more; the KIND of its servers is kafka, etcd, zookeeper or "
                        "consul [kafka]")
    parser.add_argument("--among", metavar="NAME", action="append", default=[],
                        help="only this contender; may be given several times")
    parser.add_argument("--only", metavar="PART", action="append", default=[],
                        choices=measure.PARTS,
                        help=f"only this part; may be given several times: {', '.join(measure.PARTS)}; "
                        "what an earlier run has recorded of others is kept")
    parser.add_argument("--results", metavar="FOLDER", type=Path,
                        help="[benchmarks/results, with --quick build/benchmarks/quick]")
    parser.add_argument("--report", action="store_true",
                        help="measure nothing: only make tables and pictures of results.json")
    options = parser.parse_args()
    if not options.results:
        options.results = BUILD / "quick" if options.quick else \
            ROOT / "benchmarks/results"
    options.chosen = [*contenders.CONTENDERS, *options.contender]
    names = [c.name for c in options.chosen]
    for name in options.among:
        if name not in names:
            parser.error(f"--among '{name}': there is none of that name but {', '.join(names)}")
    options.chosen = [c for c in options.chosen if c.name in options.among or not options.among]
    options.only = set(options.only or measure.PARTS)
    return options


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    path = options.results / "results.json"
    options.results.mkdir(parents=True, exist_ok=True)
    recorded = json.loads(path.read_text()) if path.exists() and (
        options.report or options.only != set(measure.PARTS)) else {}
    if not options.report:
        began = time.monotonic()
        measure.build()
        try:
            measure.measure(options.only, options.chosen, options.quick, recorded)
        finally:  # also when the run is interrupted
            took = (time.monotonic() - began) / 60
            recorded["minutes"] = round(recorded.get("minutes", 0) + took, 1)
            path.write_text(json.dumps(recorded, indent=1) + "\n")
    import report  # here, as it needs installed packages and --help does not
    print(report.write(json.loads(path.read_text()), options.results), end="")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as e:
        sys.exit(e.returncode)
    except KeyboardInterrupt:
        sys.exit(130)
