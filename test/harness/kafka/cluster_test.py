# SPDX-License-Identifier: BSL-1.0
"""Tests of a cluster's folder and its command lines, without a broker."""

import argparse
import tempfile
import unittest
from pathlib import Path

from harness.kafka import commands
from harness.kafka.cluster import Cluster
from harness.kafka.failure import Fail, NoCluster
from harness.kafka.folder import locked


class InAFolder(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def make(self, nodes=3, properties=None, proxies=0):
        return Cluster.create(self.folder, nodes, "512m", properties or {}, proxies)


class Clusters(InAFolder):
    def test_one_is_found_again_with_its_ports(self):
        made = self.make(proxies=1)
        found = Cluster.load(self.folder)
        self.assertEqual(found.id, made.id)
        self.assertEqual(found.bootstrap(), made.bootstrap())
        self.assertEqual(found.proxies, 1)
        self.assertNotEqual(found.bootstrap("internal"), found.bootstrap())

    def test_a_folder_without_one_is_said(self):
        with self.assertRaisesRegex(NoCluster, f"{self.folder}: no cluster there"):
            Cluster.load(self.folder)

    def test_nodes_are_chosen_by_number_or_all(self):
        made = self.make()
        self.assertEqual([n.number for n in made.select(["3", "1"])], [1, 3])
        self.assertEqual([n.number for n in made.select(["all"])], [1, 2, 3])

    def test_a_node_that_there_is_not_is_said(self):
        for name in ("4", "0", "x"):
            with self.assertRaisesRegex(Fail, f"NODE {name}: .* has nodes 1 to 3"):
                self.make().select([name])

    def test_one_that_was_never_started_is_stopped(self):
        self.assertEqual([n.state() for n in self.make().nodes], ["stopped"] * 3)

    def test_nothing_of_it_is_left_but_what_is_not_its_own(self):
        made = self.make()
        made.nodes[0].folder.mkdir()
        (self.folder / "mine").touch()
        made.delete()
        self.assertEqual([p.name for p in self.folder.iterdir()], ["mine"])


class Settings(InAFolder):
    def obtain(self, **given):
        return commands.obtain(argparse.Namespace(**{
            "dir": self.folder, "nodes": None, "property": [], "secure": False, "proxies": None,
            "heap": None, "fresh": False, **given}))

    def test_a_cluster_is_made_and_then_used(self):
        made, new = self.obtain(nodes=2)
        self.assertTrue(new)
        again, new = self.obtain()
        self.assertFalse(new)
        self.assertEqual(again.id, made.id)

    def test_a_setting_that_is_not_the_cluster_s_is_refused(self):
        self.obtain(nodes=2, property=[("a", "1")])
        for given, said in (({"nodes": 3}, "--nodes 3"), ({"heap": "1g"}, "--heap 1g"),
                            ({"property": [("a", "2")]}, "--property a=2"),
                            ({"proxies": 1}, "--proxies 1")):
            with self.assertRaisesRegex(Fail, f"{said}: the cluster in .* was made with"):
                self.obtain(**given)
        self.obtain(nodes=2, property=[("a", "1")])

    def test_fresh_makes_another(self):
        made, _ = self.obtain(nodes=2)
        another, new = self.obtain(nodes=3, fresh=True)
        self.assertTrue(new)
        self.assertNotEqual(another.id, made.id)

    def test_a_property_that_is_given_outdoes_what_secure_says(self):
        made, _ = self.obtain(secure=True, property=[("super.users", "User:me")])
        self.assertEqual(made.settings["properties"]["super.users"], "User:me")
        self.assertIn("sasl.enabled.mechanisms", made.settings["properties"])


class Locks(InAFolder):
    def test_a_folder_that_is_not_there_has_no_cluster(self):
        with self.assertRaises(NoCluster), locked(self.folder / "none"):
            pass

    def test_one_that_was_made_for_nothing_is_gone_again(self):
        with locked(self.folder / "new", make=True):
            self.assertTrue((self.folder / "new").is_dir())
        self.assertFalse((self.folder / "new").exists())
