# SPDX-License-Identifier: BSL-1.0
"""The commands of scripts/kafka. Each takes the options of its command line, and may have an exit
status."""

import contextlib
import json
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from harness.kafka.aftermath import once_dead, settle
from harness.kafka.cluster import Cluster
from harness.kafka.failure import Fail, NoCluster, say
from harness.kafka.folder import locked, remove_if_empty
from harness.kafka.installation import KAFKA, class_archive, class_path, java_command
from harness.kafka.node import signal_and_wait
from harness.kafka.properties import secure


@contextlib.contextmanager
def opened(options):
    """Locks the folder; the cluster in it, and whether that is new."""
    java_command()  # fails before anything is made
    with locked(options.dir, make=True):
        yield obtain(options)


def obtain(options):
    properties = (secure(options.proxies or 0) if options.secure else {}) | dict(options.property)
    try:
        cluster = Cluster.load(options.dir)
    except NoCluster:
        cluster = None
    if cluster and options.fresh:
        cluster.delete()
        cluster = None
    if cluster:
        check_settings(cluster, options, properties)
        return cluster, False
    return Cluster.create(options.dir, options.nodes or 1, options.heap or "512m", properties,
                          options.proxies or 0), True


def check_settings(cluster, options, properties):
    asked = [("--nodes ", options.nodes, len(cluster.nodes)),
             ("--proxies ", options.proxies, cluster.proxies),
             ("--heap ", options.heap, cluster.settings["heap"])]
    asked += [(f"--property {key}=", value, cluster.settings["properties"].get(key))
              for key, value in properties.items()]
    for option, value, actual in asked:
        if value not in (None, actual):
            raise Fail(f"{option}{value}: the cluster in {cluster.folder} was made with"
                       f" {actual or 'none'}; use --fresh, or another --dir", 2)


def start(options):
    with opened(options) as (cluster, new):
        if all(node.state() == "running" for node in cluster.nodes):
            say(f"already running in {cluster.folder}")
            cluster.wait_ready(cluster.nodes, cluster.numbers, options.timeout)
        else:
            cluster.bring_up(options.timeout, new)
    print(cluster.bootstrap())


def run(options):
    with opened(options) as (cluster, new):
        if any(node.state() != "stopped" for node in cluster.nodes):
            raise Fail(f"--dir {cluster.folder}: already running, not started by this 'run'")
        once_dead(lambda: farewell(cluster, new))
        cluster.bring_up(options.timeout, new)
    try:
        print(cluster.bootstrap(), flush=True)
        with contextlib.suppress(KeyboardInterrupt, SystemExit):
            wait_for_end(options.die_with_stdin)
    finally:
        settle()
        farewell(cluster, new)


def wait_for_end(with_stdin):
    if with_stdin:
        while os.read(sys.stdin.fileno(), 4096):
            pass
    else:
        while True:
            signal.pause()


def farewell(cluster, new):
    """Ends what 'run' began: a cluster that it made is deleted, others only stop."""
    with contextlib.suppress(NoCluster), locked(cluster.folder):
        if Cluster.load(cluster.folder).id == cluster.id:
            say(f"stopping the cluster in {cluster.folder}")
            if new:
                cluster.delete()
                remove_if_empty(cluster.folder)
            else:
                cluster.stop(cluster.nodes, 30)


def stop(options):
    try:
        with locked(options.dir):
            cluster = Cluster.load(options.dir)
            cluster.stop(cluster.nodes, options.timeout)
    except NoCluster:
        say(f"no cluster in {options.dir}, nothing to stop")


def clean(options):
    try:
        with locked(options.dir):
            Cluster.load(options.dir).delete()
            remove_if_empty(options.dir)
    except NoCluster:
        say(f"no cluster in {options.dir}, nothing to delete")


def start_node(options):
    with locked(options.dir):
        cluster = Cluster.load(options.dir)
        nodes = cluster.select(options.node)
        for node in nodes:
            if node.state() == "stopped":
                cluster.launch(node)
            else:
                say(f"{node} is already running")
    if options.wait:
        for node in nodes:
            cluster.wait_ready([node], {node.number}, options.timeout)


def stop_node(options):
    cluster = Cluster.load(options.dir)
    cluster.stop(cluster.select(options.node), options.timeout)


def kill(options):
    cluster = Cluster.load(options.dir)
    cluster.kill(cluster.select(options.node))


def pause(options):
    signal_live(options, signal.SIGSTOP, "paused")
    if options.seconds is not None:
        try:
            time.sleep(options.seconds)
        finally:
            resume(options)


def resume(options):
    signal_live(options, signal.SIGCONT, "running")


def signal_live(options, number, state):
    nodes = Cluster.load(options.dir).select(options.node)
    for node in nodes:
        if node.state() == "stopped":
            raise Fail(f"{node} is not running")
    signal_and_wait(nodes, number, {state})


def status(options):
    cluster = Cluster.load(options.dir)
    nodes = []
    for node in cluster.nodes:
        pid, state = node.process()
        ready = state == "running" and node.ready(cluster.id, {node.number})
        nodes.append({"node": node.number, "pid": pid, "state": state,
                      "port": node.client, "proxied": node.proxied, "ready": ready})
    if options.json:
        print(json.dumps({"dir": str(cluster.folder), "bootstrap": cluster.bootstrap(),
                          "internal": cluster.bootstrap("internal"), "nodes": nodes}))
    else:
        print("NODE  PID      STATE    PORT   READY")
        for node in nodes:
            print(f"{node['node']:<5} {node['pid'] or '-':<8} {node['state']:<8}"
                  f" {node['port']:<6} {'yes' if node['ready'] else 'no'}")
    return 0 if all(node["ready"] for node in nodes) else 3


def logs(options):
    cluster = Cluster.load(options.dir)
    follow = ["-F"] if options.follow else []
    files = [str(node.log) for node in cluster.select([options.node])]
    os.execvp("tail", ["tail", "-n", str(options.tail), *follow, *files])


def tool(options):
    name, arguments = options.tool_class, options.arguments
    if "." not in name:
        name = f"org.apache.kafka.tools.{name}"
    if name.endswith("Command") and not any(word.startswith("--bootstrap") for word in arguments):
        arguments = ["--bootstrap-server", Cluster.load(options.dir).bootstrap("internal"),
                     *arguments]
    command = java_command(name, *arguments)
    os.execv(command[0], command)


def prepare(options):
    class_path()
    archive = class_archive()
    if archive.exists():
        say("already prepared")
        return
    say("making brokers start faster: running one to record the classes it loads (10 s)")
    with tempfile.TemporaryDirectory(dir=KAFKA) as folder:
        recorded = Path(folder, "classes.jsa")
        cluster = Cluster.create(Path(folder), 1, "512m", {})
        cluster.record_classes = recorded
        try:
            cluster.bring_up(120, new=True)
            cluster.stop(cluster.nodes, 60)
            if not recorded.exists():
                say("this java cannot record classes, brokers will start slower")
                return
            for outdated in KAFKA.glob("classes-*.jsa"):
                outdated.unlink()
            recorded.rename(archive)
        finally:
            cluster.delete()
