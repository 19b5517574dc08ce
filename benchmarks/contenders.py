# SPDX-License-Identifier: BSL-1.0
"""What is measured side by side.

A contender is any program that is called as

  COMMAND --name NAME --servers SERVERS --topic TOPIC [words of its own] [--no-prober]

leaves on SIGTERM, and prints one line per fact, in the form that test/harness/fleet.py reads.
`neli contend --help` describes the facts; a contender has to print STARTED, ACQUIRED, LEAD,
NOLEAD, REVOKED, FENCED, RESUMED and CLOSED.
"""

import argparse
import dataclasses
import shlex
import subprocess
import sys
from pathlib import Path

from fleet import BUILD
from harness import CACHE
from harness.servers import Consul

__all__ = ["CONTENDERS", "KINDS", "PYTHON", "Contender", "outside"]

HERE = Path(__file__).resolve().parent
PYTHON = CACHE / "benchmarks/bin/python"  # in the environment that scripts/setup makes
NAMES = {"etcd": "etcd", "zookeeper": "ZooKeeper", "consul": "Consul"}
ETCD = BUILD / "etcd-contender"
KINDS = ["kafka", "etcd", "zookeeper", "consul"]


@dataclasses.dataclass(frozen=True)
class Contender:
    name: str
    kind: str  # the kind of its servers
    command: list
    words: list = dataclasses.field(default_factory=list)
    # The time that has to pass at least after a leader's last sign of life; None if it is not
    # known.
    crash_ms: int | None = None
    settle: float = 2.0  # seconds from STARTED until a newcomer can take over
    by_default: bool = False  # with its default lease or session, not the shortest
    where: str = "--servers {servers} --topic {topic}"  # the election, in words of its own
    idle_words: tuple = ()  # when it is measured idle: nothing runs but the candidate itself

    def build(self):
        """Makes its program, or ends with a message that says how to get it."""
        program = Path(self.command[0])
        if program == ETCD:
            subprocess.run(["go", "build", "-o", ETCD, "."], cwd=HERE / "contenders/etcd",
                           check=True, stdout=sys.stderr)
        elif program == PYTHON and not program.exists():
            sys.exit(f"no {program}: run scripts/setup --benchmarks first")


def neli(name, words, **more):
    return Contender(name, "kafka", [str(BUILD / "tools/neli"), "contend"], words.split(),
                     idle_words=("--no-prober", "--pulse-ms", "1000"), **more)


def neli_over(kind):
    """The same candidate and the same lease over a store that has an elector of its own."""
    return dataclasses.replace(
        neli(f"neli {NAMES[kind]} 1 s", "--lease-ms 1000", crash_ms=1000), kind=kind,
        where=f"--store {kind}://{{servers}} --ledger neli-{{topic}}")


def etcd(name, words, **more):
    return Contender(name, "etcd", [str(ETCD)], words.split(), idle_words=("--no-prober",), **more)


def zookeeper(name, words, **more):
    return Contender(name, "zookeeper", [str(PYTHON), str(HERE / "contenders/zookeeper.py")],
                     words.split(), idle_words=("--no-prober",), **more)


def consul(name, words, **more):
    return Contender(name, "consul", [str(PYTHON), str(HERE / "contenders/consul.py")],
                     words.split(), idle_words=("--no-prober",), **more)


def consul_lock(name, program, **more):
    return Contender(name, "consul", [str(PYTHON), str(HERE / "contenders/consul_lock.py")],
                     ["--consul", program], idle_words=("--no-prober",), **more)


def classic(name, words, **more):
    return Contender(name, "kafka", [str(BUILD / "benchmarks/neli_classic")], words.split(),
                     idle_words=("--no-prober",), **more)


CONTENDERS = [
    neli("neli ledger", "", crash_ms=3000, by_default=True),
    neli("neli ledger 1 s", "--lease-ms 1000", crash_ms=1000),
    # A newcomer beside a leader that has sent no heartbeat yet waits for the lease.
    neli("neli guarded", "--guard", crash_ms=3000, settle=3.5),
    neli_over("etcd"),
    neli_over("zookeeper"),
    neli("neli group", "--arbitration group", crash_ms=6000, settle=3.0),
    etcd("etcd", "", crash_ms=60_000, by_default=True),
    # The server grants no less than 2 s.
    etcd("etcd 2 s", "--ttl 1", crash_ms=2000),
    zookeeper("ZooKeeper", "", crash_ms=10_000, by_default=True),
    # The server grants no less than two of its ticks.
    zookeeper("ZooKeeper 4 s", "--session-ms 4000", crash_ms=4000),
    # Where scripts/setup --consul has built it. It grants no less than 10 s, takes up to twice that to
    # notice, and then lets nobody have the key for another 15 s.
    *([neli_over("consul"), consul("Consul 10 s", "--ttl 10", crash_ms=35_000),
       consul_lock("consul lock", Consul.program(), crash_ms=45_000)]
      if Consul.program() else []),
    # A newcomer waits until the leader's next heartbeat, every 3 s by default, tells it to rejoin.
    classic("classic Kafka", "", crash_ms=45_000, settle=6.0, by_default=True),
    classic("classic Kafka 6 s", "--session-ms 6000 --group-heartbeat-ms 2000", crash_ms=6000,
            settle=5.0),
]


def write_to_zookeeper(address, count):
    """Writes so many nodes, and deletes them again."""
    words = ("from kazoo.client import KazooClient; import sys; z = KazooClient(sys.argv[1]); "
             "z.start(); [z.delete(z.create('/warm')) for _ in range(int(sys.argv[2]))]; z.stop()")
    subprocess.run([PYTHON, "-c", words, address, str(count)], check=True)


def outside(text):
    """A contender from NAME=COMMAND or NAME@KIND=COMMAND; for argparse."""
    name, equals, command = text.partition("=")
    name, at, kind = name.partition("@")
    kind = kind if at else "kafka"
    if not equals or not name:
        raise argparse.ArgumentTypeError(f"'{text}' is neither NAME=COMMAND nor NAME@KIND=COMMAND")
    if kind not in KINDS:
        raise argparse.ArgumentTypeError(
            f"'{kind}' in '{text}' is no kind of server: {', '.join(KINDS)}")
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{command}' in '{text}': {error}") from None
    if not words:
        raise argparse.ArgumentTypeError(f"'{text}' has no command")
    return Contender(name, kind, words)
