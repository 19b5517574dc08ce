# SPDX-License-Identifier: BSL-1.0
"""Draws the recorded results, as SVG."""

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402

# Colours that the colour-blind can tell apart (Okabe and Ito's).
LEADERS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442"]
OURS, OTHERS, TWO = "#0072B2", "#777777", "#D00000"

matplotlib.rcParams.update({"svg.hashsalt": "neli", "font.size": 9, "axes.spines.top": False,
                            "axes.spines.right": False, "figure.constrained_layout.use": True})


def save(figure, path):
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def rows_of(contenders, height):
    figure, axes = pyplot.subplots(figsize=(8, 1 + height * len(contenders)))
    axes.set_yticks(range(len(contenders)), contenders)
    axes.set_ylim(len(contenders) - 0.4, -0.6)
    return figure, axes


def overlaps(reigns):
    """The times in which two led."""
    for i, (_, since, until) in enumerate(reigns):
        for _, other_since, other_until in reigns[:i]:
            if max(since, other_since) < min(until, other_until):
                yield max(since, other_since), min(until, other_until)


def timelines(title, by_contender, path):
    """Who led when: a row for each contender, a colour for each of its processes."""
    figure, axes = rows_of(list(by_contender), 0.45)
    longest = max(line["until"] for line in by_contender.values())
    for y, line in enumerate(by_contender.values()):
        colours = {}
        for who, since, until in sorted(line["reigns"], key=lambda reign: reign[1]):
            colour = colours.setdefault(who, LEADERS[len(colours) % len(LEADERS)])
            axes.barh(y, until - since, left=since, height=0.5, color=colour, linewidth=0)
        for since, until in overlaps(line["reigns"]):
            # Not shorter, so that a mere moment can be seen, too.
            axes.barh(y, max(until - since, longest / 300), left=since, height=0.7, color=TWO)
        for at, what, _ in line["done"]:
            axes.plot([at, at], [y - 0.35, y + 0.35], color="black", linewidth=0.8)
            if len(line["done"]) <= 6:
                axes.text(at, y - 0.36, f" {what}", fontsize=6, va="bottom")
        axes.plot([line["until"]], [y], marker="|", color="#BBBBBB")
    axes.set_xlabel("ms")
    axes.set_title(f"{title}: who led when (a colour for each process; white: nobody; red: two at once)",
                   fontsize=9, loc="left")
    save(figure, path)


def distributions(title, by_contender, path, limits):
    """Every sample, and the median; and the limits that neli cannot go below, by name."""
    figure, axes = rows_of(list(by_contender), 0.35)
    for y, (contender, samples) in enumerate(by_contender.items()):
        colour = OURS if contender.startswith("neli") else OTHERS
        axes.plot(samples, [y] * len(samples), "o", color=colour, alpha=0.4, markersize=4,
                  markeredgewidth=0)
        median = sorted(samples)[len(samples) // 2]
        axes.plot([median, median], [y - 0.3, y + 0.3], color="black", linewidth=1.5)
    for i, (name, at) in enumerate(limits.items()):
        axes.axvline(at, color=OURS, linewidth=0.8, linestyle=":")
        axes.text(at, -0.55 + 0.3 * i, f" {name}", fontsize=7, color=OURS, va="top")
    axes.set_xscale("log")
    axes.grid(axis="x", alpha=0.3)
    axes.set_xlabel("ms")
    axes.set_title(title, fontsize=9, loc="left")
    save(figure, path)


def growth(title, by_contender, path, x, y):
    """The medians, and the range from the least to the most."""
    figure, axes = pyplot.subplots(figsize=(8, 3.5))
    for colour, (contender, by_count) in zip(LEADERS, by_contender.items()):
        counts = sorted(by_count, key=int)
        ordered = [sorted(by_count[c]) for c in counts]
        at = [int(c) for c in counts]
        axes.plot(at, [o[len(o) // 2] for o in ordered], "o-", color=colour, label=contender)
        axes.fill_between(at, [o[0] for o in ordered], [o[-1] for o in ordered], color=colour,
                          alpha=0.15, linewidth=0)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.grid(alpha=0.3)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.legend(fontsize=8)
    axes.set_title(title, fontsize=9, loc="left")
    save(figure, path)
