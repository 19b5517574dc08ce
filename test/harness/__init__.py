# SPDX-License-Identifier: BSL-1.0
"""Fleets and servers for tests and benchmarks.

Who imports this has the folder `test` in its path.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Where scripts/setup puts what it has made or downloaded.
CACHE = Path(os.environ.get("NELI_CACHE") or
             Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "neli").resolve()
PATIENCE = 60.0  # seconds for what should come soon


def say(what):
    print(what, file=sys.stderr, flush=True)
