# SPDX-License-Identifier: BSL-1.0
"""Tests with made-up answers of a made-up broker."""

import contextlib
import socket
import struct
import threading
import unittest

from harness.kafka import protocol
from harness.kafka.protocol import string


@contextlib.contextmanager
def broker(*fields):
    """Answers one request with these bytes; its port, and the request when it is over."""
    asked = []

    def answer():
        connection, _ = server.accept()
        with connection, connection.makefile("rb") as stream:
            size, = struct.unpack(">i", stream.read(4))
            asked.append(stream.read(size))
            content = struct.pack(">i", 0) + b"".join(fields)
            connection.sendall(struct.pack(">i", len(content)) + content)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer)
        thread.start()
        yield server.getsockname()[1], asked
        thread.join()


def pack(layout, *values):
    return struct.pack(">" + layout, *values)


class Protocol(unittest.TestCase):
    def test_a_request_names_its_kind_and_its_version(self):
        with broker() as (port, asked):
            protocol.ask(("127.0.0.1", port), 3, 2, b"body")
        self.assertEqual(asked, [pack("hhih", 3, 2, 0, -1) + b"body"])

    def test_living_brokers_are_told_with_their_cluster(self):
        none = pack("h", -1)
        with broker(pack("i", 2), pack("i", 1), string("h1"), pack("i", 9), none,
                    pack("i", 3), string("h3"), pack("i", 9), string("rack"),
                    string("the id")) as (port, _):
            self.assertEqual(protocol.living_brokers(port), ({1, 3}, "the id"))

    def test_an_answer_that_is_cut_off_is_an_error(self):
        with broker(pack("i", 2), pack("i", 1)) as (port, _), self.assertRaises(struct.error):
            protocol.living_brokers(port)

    def test_the_end_of_a_topic(self):
        with broker(pack("i", 1), string("t"), pack("i", 1),
                    pack("ihqq", 0, 0, -1, 42)) as (port, _):
            self.assertEqual(protocol.end_offset(f"127.0.0.1:{port},other:1", "t"), 42)

    def test_the_end_of_a_topic_that_there_is_not(self):
        with broker(pack("i", 1), string("t"), pack("i", 1),
                    pack("ihqq", 0, 3, -1, -1)) as (port, _), \
                self.assertRaisesRegex(SystemExit, "Kafka's error 3"):
            protocol.end_offset(f"127.0.0.1:{port}", "t")

    def test_the_size_of_a_log(self):
        with broker(pack("iih", 0, 1, 0), string("/data"), pack("i", 1), string("t"),
                    pack("iiqq?", 1, 0, 4096, 0, False)) as (port, _):
            self.assertEqual(protocol.log_size(f"127.0.0.1:{port}", "t"), 4096)

    def test_the_size_of_a_log_that_there_is_not(self):
        with broker(pack("iih", 0, 1, 0), string("/data"), pack("i", 0)) as (port, _), \
                self.assertRaisesRegex(SystemExit, "knows nothing of t"):
            protocol.log_size(f"127.0.0.1:{port}", "t")
