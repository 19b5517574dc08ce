# SPDX-License-Identifier: BSL-1.0
"""Seeded bugs, each a rule of the protocol that is broken: see rules.txt."""

import re


class Broken(Exception):
    """A bug, or what is to tell of it, is not what it should be."""


class Mutation:
    """A name, a sentence, a file, the text that is in it (-) and the text in its place (+)."""

    def __init__(self, block):
        head = [l.strip() for l in block if l[0] not in "-+"]
        self.name, self.file = head[0], head[-1]
        self.sentence = " ".join(head[1:-1])
        self.before = [l[1:].strip() for l in block if l[0] == "-"]
        self.after = "\n".join(l[1:].strip() for l in block if l[0] == "+")

    def apply(self, text):
        """The context tells the place, as line numbers and indentation may change."""
        pattern = r"\s+".join(re.escape(line) for line in self.before)
        changed, count = re.subn(pattern, lambda _: self.after, text)
        if count != 1:
            raise Broken(f"{self.name}: its context is {count} times in {self.file}, not once")
        return changed


def mutations(text):
    """Those that the text of rules.txt names."""
    blocks, block = [], []
    for line in text.splitlines() + [""]:
        if line.startswith("#"):
            continue
        if line.strip():
            block.append(line)
        elif block:
            blocks.append(block)
            block = []
    return [Mutation(b) for b in blocks]
