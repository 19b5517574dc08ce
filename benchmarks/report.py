# SPDX-License-Identifier: BSL-1.0
"""Makes a page of tables and pictures of the results that benchmarks/run has recorded."""

import pictures
import stalls
from cost_tables import cost_tables
from goals import NEXT, goal_table
from results import Results, number
from scenario_tables import limits_of, ratio_table, scenario_table


def titled(title, text):
    return f"## {title}\n\n{text}\n\n"


def drawn(results, folder):
    """Markdown that shows the pictures."""
    shown = []
    for scenario, by_contender in results.scenarios.items():
        lines = {c: by_contender[c]["timeline"] for c in results.contenders()
                 if "timeline" in by_contender.get(c, {})}
        if lines:
            name = f"{scenario.replace(' ', '-')}-timeline.svg"
            pictures.timelines(scenario, lines, folder / name)
            shown.append(f"![{scenario}: who led when]({name})")
    for scenario, metric in (("hand-over", NEXT), ("crash", NEXT), ("start", "to leading, ms")):
        samples = {c: s for c in results.contenders()
                   if (s := results.samples(scenario, metric, c))}
        if samples:
            name = f"{scenario}-distribution.svg"
            pictures.distributions(f"{scenario}: {metric}", samples, folder / name,
                                   limits_of(results)[scenario, metric])
            shown.append(f"![{scenario}: every sample]({name})")
    by_contender = {}
    for count, results_of in results.part("growth").items():
        for contender, result in results_of.items():
            if "samples" in result:
                by_contender.setdefault(contender, {})[count] = result["samples"][NEXT]
    if by_contender:
        pictures.growth("hand-over among so many candidates", by_contender,
                    folder / "growth-candidates.svg", "candidates", "ms")
        shown.append("![hand-over by the number of candidates](growth-candidates.svg)")
    return "\n".join(shown)


def machine_meanwhile(found):
    return (f"Meanwhile the machine stood still {found['count']} times for more than "
            f"{stalls.NOTED // 1_000_000} ms, {number(found['longest_ms'])} ms at most, "
            f"and its host took {found['steal_percent']} % of its time. ")


def write(recorded, folder):
    """Writes tables and pictures into that folder, and returns the text."""
    results = Results(recorded)
    versions = ", ".join(f"{name} {version}" for name, version in recorded["versions"].items())
    text = (f"# Results\n\n{recorded['machine']}; {versions}; {recorded['minutes']:.0f} minutes. "
            f"{machine_meanwhile(recorded['stalls'])}"
            "Made by `benchmarks/run`; all samples are in [results.json](results.json).\n\n"
            + titled("Pictures", drawn(results, folder))
            + titled("Scenarios", scenario_table(results))
            + titled("Costs", cost_tables(results))
            + titled("Goals", goal_table(results))
            + titled("Ratios", ratio_table(results)).rstrip() + "\n")
    (folder / "README.md").write_text(text)
    return text
