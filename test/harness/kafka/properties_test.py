# SPDX-License-Identifier: BSL-1.0
import tempfile
import unittest
from pathlib import Path

from harness.kafka.node import Node
from harness.kafka.properties import PER_NODE, properties_of, secure, write_properties


def nodes(count, proxies=0):
    each = 3 + proxies
    return [Node(Path("/c"), i, list(range(100 * i, 100 * i + each))) for i in range(1, count + 1)]


class Properties(unittest.TestCase):
    def test_each_node_has_its_own_ports_and_all_know_the_controllers(self):
        all_ = nodes(2)
        second = properties_of(all_[1], all_)
        self.assertEqual(second["node.id"], 2)
        self.assertEqual(second["listeners"], "CLIENT://127.0.0.1:200,INTERNAL://127.0.0.1:201,"
                                              "CONTROLLER://127.0.0.1:202")
        self.assertEqual(second["controller.quorum.voters"], "1@127.0.0.1:102,2@127.0.0.1:202")

    def test_what_tells_the_nodes_apart_is_what_cannot_be_given(self):
        all_ = nodes(2)
        one, other = (properties_of(node, all_) for node in all_)
        different = {key for key in one if one[key] != other[key]}
        self.assertLessEqual(different, PER_NODE)
        self.assertLessEqual(PER_NODE, one.keys())

    def test_as_many_replicas_as_there_may_be_and_one_may_be_missing(self):
        for count, replicas, in_sync in ((1, 1, 1), (2, 2, 1), (3, 3, 2), (5, 3, 2)):
            made = properties_of(nodes(count)[0], nodes(count))
            self.assertEqual(made["offsets.topic.replication.factor"], replicas)
            self.assertEqual(made["transaction.state.log.min.isr"], in_sync)

    def test_a_proxy_is_advertised_where_it_is_to_listen(self):
        all_ = nodes(1, proxies=2)
        made = properties_of(all_[0], all_)
        self.assertIn("PROXY2://127.0.0.1:104", made["listeners"])
        self.assertIn("PROXY2://127.0.0.12:104", made["advertised.listeners"])
        self.assertIn("PROXY2:PLAINTEXT", made["listener.security.protocol.map"])

    def test_secure_brokers_want_passwords_of_clients_and_proxies_only(self):
        made = secure(1)
        self.assertEqual(made["listener.security.protocol.map"],
                         "CLIENT:SASL_PLAINTEXT,PROXY1:SASL_PLAINTEXT,"
                         "INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT")
        self.assertIn("listener.name.proxy1.plain.sasl.jaas.config", made)
        self.assertNotIn("listener.name.internal.plain.sasl.jaas.config", made)

    def test_what_is_written_is_escaped(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "p")
            write_properties(path, {"a": 1, "b": 'x "y"\\n'})
            self.assertEqual(path.read_text(), 'a=1\nb=x \\"y\\"\\\\n\n')
            self.assertEqual(list(Path(folder).iterdir()), [path])
