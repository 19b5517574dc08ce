# SPDX-License-Identifier: BSL-1.0
"""Servers that contenders need, for as long as a `with` lasts.

Each has its nodes on free ports of 127.0.0.1, which a node keeps when it is
started again, and writes into a temporary folder. Nodes and folder are gone at the
end, also when this process is killed. Start nodes from the main thread: they end
when the thread that started them ends.

  servers         what contenders take as --servers
  nodes           the numbers of the nodes
  version         as the servers tell it
  stop_node(i)    stops a node in order
  start_node(i)   returns when it is ready
"""

from harness.servers.etcd import Etcd
from harness.servers.kafka import Kafka
from harness.servers.zookeeper import ZooKeeper

__all__ = ["KINDS", "Etcd", "Kafka", "ZooKeeper"]

KINDS = {"kafka": Kafka, "etcd": Etcd, "zookeeper": ZooKeeper}
