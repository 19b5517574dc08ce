# SPDX-License-Identifier: BSL-1.0
import socket
import unittest
from unittest import mock

from harness import ports


class Ports(unittest.TestCase):
    def test_one_that_somebody_listens_on_is_not_free(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            self.assertFalse(ports.is_free(taken.getsockname()[1]))

    def test_all_are_different(self):
        found = [port for each in ports.free_ports(5, 4) for port in each]
        self.assertEqual(len(set(found)), 20)

    def test_each_node_has_as_many_as_it_needs(self):
        self.assertEqual([len(each) for each in ports.free_ports(3, 2)], [2, 2, 2])

    def test_those_that_are_taken_are_passed_over(self):
        taken = set(ports.PORTS) - {20_001, 20_002}
        with mock.patch.object(ports, "is_free", lambda port: port not in taken):
            (found,) = ports.free_ports(1, 2)
        self.assertEqual(set(found), {20_001, 20_002})
