# SPDX-License-Identifier: BSL-1.0
import argparse
import unittest
from pathlib import Path

from harness.kafka.arguments import folder, heap_size, key_value, positive, seconds


class Arguments(unittest.TestCase):
    def refused(self, read, *texts):
        for text in texts:
            with self.subTest(text), self.assertRaisesRegex(argparse.ArgumentTypeError, text):
                read(text)

    def test_a_property_is_a_key_and_a_value(self):
        self.assertEqual(key_value("a.b-c_d=x=y"), ("a.b-c_d", "x=y"))
        self.assertEqual(key_value("a="), ("a", ""))
        self.refused(key_value, "a", "a b=c", "=c")

    def test_a_property_that_each_node_has_its_own_of_cannot_be_given(self):
        for key in ("node.id", "listeners", "log.dirs"):
            with self.assertRaisesRegex(argparse.ArgumentTypeError, f"'{key}' is set for each"):
                key_value(f"{key}=1")

    def test_a_number_is_from_1(self):
        self.assertEqual(positive("12"), 12)
        self.refused(positive, "0", "-1", "1.5", "x")

    def test_a_time_ends(self):
        self.assertEqual([seconds("0"), seconds("1.5")], [0, 1.5])
        self.refused(seconds, "-1", "inf", "nan", "soon")

    def test_a_heap_has_a_unit(self):
        self.assertEqual([heap_size("512m"), heap_size("2G")], ["512m", "2G"])
        self.refused(heap_size, "512", "0m", "m", "1t")

    def test_a_folder_is_absolute_and_has_no_comma(self):
        self.assertEqual(folder("x"), Path.cwd() / "x")
        self.refused(folder, "/tmp/a,b")
