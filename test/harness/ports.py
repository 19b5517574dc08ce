# SPDX-License-Identifier: BSL-1.0
"""Ports of 127.0.0.1 for servers."""

import random
import socket

# Below the ports that the system gives to outgoing connections: otherwise a client that tries to
# reconnect could take the port of a node that is down.
PORTS = range(20000, 32000)


def is_free(port):
    with socket.socket() as probe:
        # as servers do: old connections in TIME_WAIT are no obstacle
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_ports(nodes, each):
    """So many for each of so many nodes, all different."""
    ports = filter(is_free, random.sample(PORTS, len(PORTS)))
    return [[next(ports) for _ in range(each)] for _ in range(nodes)]
