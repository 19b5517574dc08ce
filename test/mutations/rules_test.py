#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""How a seeded bug is found in the sources."""

import unittest

from rules import Broken, mutations

TEXT = """\
# a word about all

waits-too-little
  A lease is not waited for.
  At all.
  src/core/role_view.cpp
- if (so)
-   wait(lease);
+ if (so) wait(0s);

forgets
  Nothing is kept.
  src/core/record.cpp
- keep(it);
+
"""


class Rules(unittest.TestCase):
    def setUp(self):
        self.first, self.second = mutations(TEXT)

    def test_each_has_a_name_a_sentence_and_a_file(self):
        self.assertEqual((self.first.name, self.first.sentence, self.first.file),
                         ("waits-too-little", "A lease is not waited for. At all.",
                          "src/core/role_view.cpp"))

    def test_indentation_does_not_count(self):
        self.assertEqual(self.first.apply("a();\n      if (so)\n  wait(lease);\nb();"),
                         "a();\n      if (so) wait(0s);\nb();")

    def test_a_line_may_be_left_out(self):
        self.assertEqual(self.second.apply("a();\nkeep(it);\nb();"), "a();\n\nb();")

    def test_its_context_must_be_there_once(self):
        for text, times in (("a();", 0), ("keep(it); keep(it);", 2)):
            with self.assertRaisesRegex(Broken, f"forgets: its context is {times} times"):
                self.second.apply(text)


if __name__ == "__main__":
    unittest.main()
