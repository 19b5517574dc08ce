# SPDX-License-Identifier: BSL-1.0
"""What is promised of all candidates together."""

from collections import defaultdict

from departure import require


def check_records(candidates):
    # When a log without a name has been made anew, its offsets mean other records.
    one_log = not any(c.beginnings for c in candidates)
    by_place, by_print = {}, {}
    for c in candidates:
        for (log, at), (record, fingerprint) in c.records.items():
            other, where = by_print.setdefault(fingerprint, (record, c.path))
            require(other == record, f"{where} and {c.path} read different records with the same "
                    f"fingerprint, {fingerprint}")
            if log or one_log:
                other, where = by_place.setdefault((log, at), (fingerprint, c.path))
                require(other == fingerprint,
                        f"{where} and {c.path} read different records at offset {at}")


def check_alone(candidates):
    """No two lead at once, and terms grow. All clocks are one machine's."""
    by_role = defaultdict(list)
    for c in candidates:
        for role, term, since, until in c.intervals:
            if until > since:
                by_role[role].append((since, until, term, c.name))
    for role, all_of in by_role.items():
        all_of.sort()
        latest = None
        for one in all_of:
            if latest and one[2] != latest[2]:
                require(one[0] >= latest[1], f"{one[3]} leads {role}/{one[2]} from {one[0]} ns while "
                        f"{latest[3]} leads {role}/{latest[2]} until {latest[1]} ns")
                require(one[2] > latest[2], f"term {one[2]} of {role} comes after {latest[2]}")
            if latest is None or one[1] > latest[1]:
                latest = one


def check_hand_overs(candidates):
    for c in candidates:
        for role, term, since, until in c.orderly:
            for other in candidates:
                for name, token, when in other.acquired:
                    require(not (name == role and token > term and since <= when < until),
                            f"{other.name} acquires {role} before {c.name}'s barrier has returned")
