# SPDX-License-Identifier: BSL-1.0
"""The recorded results of a run, and how its figures are written."""

from fleet import percentile

OURS = "neli ledger 1 s"
GROUP = "neli group"


def number(x):
    if x >= 100:
        return f"{x:,.0f}"
    return f"{x:.1f}" if x >= 10 or x != int(x) else f"{x:.0f}"


def spread(samples):
    """The median, the extremes and the number of samples."""
    if len(samples) == 1:
        return f"{number(samples[0])} (n=1)"
    return (f"{number(percentile(samples, 50))} ({number(min(samples))}-{number(max(samples))}, "
            f"n={len(samples)})")


def times(figure, of):
    return "" if figure is None or not of else f"{figure / of:,.2f}"


class Results:
    """Reads what a run has recorded; None where it has not."""

    def __init__(self, recorded):
        self.recorded = recorded
        self.scenarios = recorded.get("scenarios", {})

    def samples(self, scenario, metric, contender):
        return (self.scenarios.get(scenario, {}).get(contender, {}).get("samples", {}).get(metric))

    def metrics(self):
        """All (scenario, metric), in the order of the run."""
        seen = {}
        for scenario, by_contender in self.scenarios.items():
            for result in by_contender.values():
                for metric in result.get("samples", {}):
                    seen[scenario, metric] = None
        return list(seen)

    def contenders(self):
        """All contenders, ours first."""
        found = dict.fromkeys(c for by in self.scenarios.values() for c in by)
        return sorted(found, key=lambda c: (c != OURS, not c.startswith("neli")))

    def p(self, percent, scenario, metric, contender=OURS):
        samples = self.samples(scenario, metric, contender)
        return percentile(samples, percent) if samples else None

    def limit(self, kind):
        """The median in ms."""
        ns = self.recorded.get("limits", {}).get(kind)
        return percentile(ns, 50) / 1e6 if ns else None

    def micro(self, name):
        measured = self.recorded.get("micro", {}).get(name)
        return percentile(measured["cpu_ns"], 50) if measured else None

    def part(self, name):
        return self.recorded.get(name, {})

    def cost(self, *path):
        found = self.recorded
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        return found
