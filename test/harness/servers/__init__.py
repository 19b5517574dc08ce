# SPDX-License-Identifier: BSL-1.0
"""Servers that contenders need, for as long as a `with` lasts.

Each has its nodes on free ports of 127.0.0.1, which a node keeps when it is
started again, and writes into a temporary folder. Nodes and folder are gone at the
end, also when this process is killed.

  servers         what contenders take as --servers
  nodes           the numbers of the nodes
  version         as the servers tell it
  stop_node(i)    stops a node in order
  kill_node(i)    ends it without notice
  start_node(i)   returns when it is ready
  pause_node(i)   stops its clock
  resume_node(i)  lets it go on
"""

from harness.servers.consul import Consul
from harness.servers.etcd import Etcd
from harness.servers.kafka import Kafka
from harness.servers.postgresql import PostgreSQL
from harness.servers.zookeeper import ZooKeeper

__all__ = ["KINDS", "Consul", "Etcd", "Kafka", "PostgreSQL", "ZooKeeper"]

KINDS = {"kafka": Kafka, "etcd": Etcd, "consul": Consul, "postgresql": PostgreSQL,
         "zookeeper": ZooKeeper}
