# SPDX-License-Identifier: BSL-1.0
"""What the protocol does not allow."""


class Departure(Exception):
    """A step that the protocol does not allow."""


def require(holds, rule):
    if not holds:
        raise Departure(rule)
