# SPDX-License-Identifier: BSL-1.0
"""What the table says of made-up counts."""

import unittest

from harness.coverage import numbers, report


def line(number, count, *branches, noncode=False):
    return {"line_number": number, "count": count, "gcovr/noncode": noncode,
            "branches": [{"count": b} for b in branches]}


class Coverage(unittest.TestCase):
    def said(self, *lines):
        return "\n".join(report({"files": [{"file": "a.cpp", "lines": lines}]}))

    def test_neighbours_are_told_in_one_word(self):
        self.assertEqual(numbers([4, 7, 8, 9, 11]), "4, 7-9, 11")

    def test_lines_and_branches_are_counted(self):
        said = self.said(line(1, 5, 3, 0), line(2, 1), line(3, 0), line(4, 0, noncode=True))
        self.assertRegex(said, r"a.cpp +2 of +3 +66.7 % +1 of +2 +50.0 %")
        self.assertIn("a.cpp: lines 3\n", said)
        self.assertIn("a.cpp: some branches of lines 1", said)

    def test_a_branch_that_only_an_exception_takes_does_not_count(self):
        one = line(1, 1, 1)
        one["branches"].append({"count": 0, "throw": True})
        self.assertRegex(self.said(one), r"not reached:\n +nothing")
