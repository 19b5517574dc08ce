# SPDX-License-Identifier: BSL-1.0
import os
import subprocess
import sys
import unittest

from harness import PATIENCE
from harness.processes import children, cmdline, descendants, naming
from harness.waiting import wait_until

MARK = f"a mark of {os.getpid()}"
WORD = f"\0{MARK}\0".encode()
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()', '{MARK}'])"


class Processes(unittest.TestCase):
    def test_a_child_and_its_child_are_found_and_gone_when_they_have_ended(self):
        with subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE) as parent:
            self.assertTrue(wait_until(lambda: naming(WORD), PATIENCE))
            below = naming(WORD)
            self.assertIn(parent.pid, children(os.getpid()))
            self.assertLessEqual({parent.pid, *below}, set(descendants(os.getpid())))
            self.assertEqual(children(parent.pid), below)
        self.assertEqual(naming(WORD), [])
        self.assertEqual(cmdline(below[0]), b"")


if __name__ == "__main__":
    unittest.main()
