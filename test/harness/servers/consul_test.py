# SPDX-License-Identifier: BSL-1.0
import unittest

from harness.servers.consul import Consul


@unittest.skipUnless(Consul.program(), "scripts/setup --consul has not been run")
class Beside(unittest.TestCase):
    def test_a_cluster_and_a_server_run_beside_each_other(self):
        with Consul(3) as cluster, Consul() as alone:
            self.assertTrue(cluster.get(2, "status/leader"))
            self.assertTrue(alone.get(1, "status/leader"))
            cluster.stop_node(2)
            cluster.start_node(2)
