# SPDX-License-Identifier: BSL-1.0
"""Times of traces, in ns."""

NEVER = float("inf")
MS = 10**6
