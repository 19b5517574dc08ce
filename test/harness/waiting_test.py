# SPDX-License-Identifier: BSL-1.0
import unittest

from harness.waiting import wait_until


class Waiting(unittest.TestCase):
    def test_what_is_so_already_is_not_waited_for(self):
        self.assertTrue(wait_until(lambda: True, -1))

    def test_what_comes_about_is_noticed(self):
        asked = iter([False, False, True])
        self.assertTrue(wait_until(lambda: next(asked), 60))

    def test_it_is_given_up_in_the_end(self):
        self.assertFalse(wait_until(lambda: False, 0.01))
