# SPDX-License-Identifier: BSL-1.0
"""Fleets and servers for tests and benchmarks. Who imports this has the folder `test` in its path."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds for what should come soon


def say(what):
    print(what, file=sys.stderr, flush=True)
