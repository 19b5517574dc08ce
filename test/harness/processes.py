# SPDX-License-Identifier: BSL-1.0
"""The machine's processes, as /proc shows them now."""

from pathlib import Path


def cmdline(process):
    """Each word ends with a zero; empty if there is no such process."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def naming(part):
    """Those whose command line has these bytes."""
    return [int(p.name) for p in Path("/proc").glob("[0-9]*") if part in cmdline(p.name)]


def processes():
    """Of each: its number, its state (Z: it has ended, and nobody has collected it) and its parent."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        yield int(stat.parent.name), state, int(parent)


def children(process):
    return [p for p, state, parent in processes() if parent == process and state != "Z"]


def descendants(process):
    found = children(process)
    for p in found:
        found.extend(children(p))
    return found
