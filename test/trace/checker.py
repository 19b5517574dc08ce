# SPDX-License-Identifier: BSL-1.0
"""Goes through the traces of one election."""

import json

from candidate import Candidate
from departure import Departure
from election import check_alone, check_hand_overs, check_records


def check(paths, own_clocks=False):
    """The candidates, and how many steps they took; raises what is not allowed."""
    candidates, steps = [], 0
    for path in paths:
        candidate, n = replay(path)
        if n:
            candidates.append(candidate)
        steps += n
    check_records(candidates)
    if not own_clocks:
        check_alone(candidates)
        check_hand_overs(candidates)
    return candidates, steps


def replay(path):
    candidate, steps = Candidate(path), 0
    for number, line in lines_of(path):
        try:
            candidate.step(line)
        except Departure as d:
            raise Departure(f"{path}:{number}: {d}") from None
        steps += 1
    return candidate, steps


def lines_of(path):
    with open(path, encoding="utf-8") as file:
        for number, text in enumerate(file, 1):
            try:
                yield number, json.loads(text)
            except ValueError:
                if file.readline():  # the last line of one that was killed may be cut off
                    raise Departure(f"{path}:{number}: no JSON") from None
