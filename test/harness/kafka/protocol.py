# SPDX-License-Identifier: BSL-1.0
"""The part of Kafka's protocol that asks a broker about itself."""

import socket
import struct
import sys

from harness import PATIENCE

METADATA = 3
LIST_OFFSETS = 2
DESCRIBE_LOG_DIRS = 35


class Answer:
    """Its fields, one after the other."""

    def __init__(self, content):
        self.content = content
        self.at = 0

    def take(self, layout):
        values = struct.unpack_from(layout, self.content, self.at)
        self.at += struct.calcsize(layout)
        return values[0] if len(values) == 1 else values

    def string(self):
        return self.take(f"{max(0, self.take('>h'))}s").decode()


def string(text):
    """A string, encoded for Kafka's requests."""
    return struct.pack(">h", len(text)) + text.encode()


def ask(address, api, version, body, patience=PATIENCE):
    """Sends a request to the broker at this address, and returns the answer."""
    request = struct.pack(">hhih", api, version, 0, -1) + body
    with socket.create_connection(address, patience) as connection, \
            connection.makefile("rb") as stream:
        connection.sendall(struct.pack(">i", len(request)) + request)
        size, = struct.unpack(">i", stream.read(4))
        answer = Answer(stream.read(size))
    answer.take(">i")  # which request it answers
    return answer


def living_brokers(port):
    """The brokers that the broker at this address knows to be alive, and their cluster's id."""
    answer = ask(("127.0.0.1", port), METADATA, 2, struct.pack(">i", 0), 1)  # of no topic
    brokers = set()
    for _ in range(answer.take(">i")):
        brokers.add(answer.take(">i"))
        answer.string(), answer.take(">i"), answer.string()  # host, port, rack
    return brokers, answer.string()


def end_offset(servers, topic):
    """The end of partition 0."""
    latest = -1
    answer = ask(first(servers), LIST_OFFSETS, 1, struct.pack(">ii", -1, 1) + string(topic) +
                 struct.pack(">iiq", 1, 0, latest))
    answer.take(">i"), answer.string(), answer.take(">i")  # one topic, one partition
    _, error, _, offset = answer.take(">ihqq")
    if error:
        sys.exit(f"ListOffsets of {topic} failed: Kafka's error {error}")
    return offset


def log_size(servers, topic):
    """The bytes of partition 0's log."""
    answer = ask(first(servers), DESCRIBE_LOG_DIRS, 1,
                 struct.pack(">i", 1) + string(topic) + struct.pack(">ii", 1, 0))
    answer.take(">iih"), answer.string()  # throttling, one folder: its error and its path
    if answer.take(">i") == 0:
        sys.exit(f"DescribeLogDirs knows nothing of {topic}")
    answer.string()
    partitions, _, size = answer.take(">iiq")
    assert partitions == 1
    return size


def first(servers):
    """The address of the first of HOST:PORT,..."""
    host, port = servers.split(",")[0].rsplit(":", 1)
    return host, int(port)
