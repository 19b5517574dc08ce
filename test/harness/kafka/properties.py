# SPDX-License-Identifier: BSL-1.0
"""The settings of the brokers: the file server.properties of each."""

import json

PASSWORDS = ("org.apache.kafka.common.security.plain.PlainLoginModule required"
             ' user_admin="admin-secret" user_guest="guest-secret";')


def secure(proxies):
    """Properties of brokers that want passwords of their clients."""
    listeners = ["CLIENT", *(f"PROXY{i}" for i in range(1, proxies + 1))]
    return {
        "listener.security.protocol.map": ",".join([
            *(f"{name}:SASL_PLAINTEXT" for name in listeners),
            "INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT"]),
        "sasl.enabled.mechanisms": "PLAIN",
        **{f"listener.name.{name.lower()}.plain.sasl.jaas.config": PASSWORDS for name in listeners},
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:admin;User:ANONYMOUS",
    }


# These differ from node to node.
PER_NODE = {"node.id", "listeners", "advertised.listeners", "log.dirs", "controller.quorum.voters"}


def properties_of(node, nodes):
    """The properties of one of the nodes."""
    endpoints = f"CLIENT://127.0.0.1:{node.client},INTERNAL://127.0.0.1:{node.internal}"
    proxied = list(enumerate(node.proxied, start=1))
    replicas = min(3, len(nodes))
    in_sync = max(1, replicas - 1)
    return {
        "node.id": node.number,
        "process.roles": "broker,controller",
        "listeners": ",".join([
            f"{endpoints},CONTROLLER://127.0.0.1:{node.controller}",
            *(f"PROXY{i}://127.0.0.1:{port}" for i, port in proxied)]),
        "advertised.listeners": ",".join([
            endpoints, *(f"PROXY{i}://127.0.0.{10 + i}:{port}" for i, port in proxied)]),
        "listener.security.protocol.map": ",".join([
            "CLIENT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT",
            *(f"PROXY{i}:PLAINTEXT" for i, _ in proxied)]),
        "inter.broker.listener.name": "INTERNAL",
        "controller.listener.names": "CONTROLLER",
        "controller.quorum.voters":
            ",".join(f"{n.number}@127.0.0.1:{n.controller}" for n in nodes),
        "log.dirs": node.data,
        "auto.create.topics.enable": "false",
        "default.replication.factor": replicas,
        "offsets.topic.replication.factor": replicas,
        "offsets.topic.num.partitions": 4,
        "transaction.state.log.replication.factor": replicas,
        "transaction.state.log.min.isr": in_sync,
        "transaction.state.log.num.partitions": 4,
        "share.coordinator.state.topic.replication.factor": replicas,
        "share.coordinator.state.topic.min.isr": in_sync,
        "share.coordinator.state.topic.num.partitions": 4,
        "num.network.threads": 2,
        "num.io.threads": 4,
        "background.threads": 2,
        # 128 MB by default, which would be half of the process
        "log.cleaner.dedupe.buffer.size": 4 << 20,
        # A lost broker is noticed, and one that crashed let in again, only
        # when its session is over.
        "broker.session.timeout.ms": 3000,
        "broker.heartbeat.interval.ms": 500,
    }


def write_properties(path, properties):
    # Java reads the escapes of JSON strings in .properties files too.
    lines = (f"{key}={json.dumps(str(value))[1:-1]}\n" for key, value in properties.items())
    temporary = path.with_name(path.name + ".new")
    temporary.write_text("".join(lines))
    temporary.rename(path)
