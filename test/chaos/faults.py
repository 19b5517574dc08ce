# SPDX-License-Identifier: BSL-1.0
"""Causes the faults that were drawn, and mends them."""

import contextlib
import signal
import threading
import time

from harness.fleet import Fleet
from history import Ended, Fault, Saw
from schedule import NODES, is_of_node


class Candidates(Fleet):
    """c1, c2, ...: each is one process after another."""

    def __init__(self, contender, topic, options, words, history, folder):
        super().__init__([contender], "", topic, options)
        self.words = words  # the arguments of each candidate, among them its servers
        self.history = history
        self.folder = folder
        self.generation = dict.fromkeys(words, 0)
        self.seen_to_lead = None

    def name(self, candidate):
        return f"{candidate}.{self.generation[candidate]}"

    def begin(self, candidate):
        self.generation[candidate] += 1
        name = self.name(candidate)
        with open(self.folder / f"{name}.log", "w") as log:
            trace = ["--trace", self.folder / f"{name}.jsonl"]
            self.start(name, [*self.words[candidate], *trace], log)

    def hear(self, fact):
        if fact.what == "SAW":
            start, end, token = map(int, fact.detail.split())
            self.history.add(Saw(fact.name, token, start, end))
            self.seen_to_lead = fact.name, fact.ns
        else:
            with open(self.folder / "facts", "a") as file:
                print(fact.ns, fact.name, fact.what, fact.detail, file=file)

    def leader(self):
        """The candidate that was seen to lead a moment ago."""
        with self.news:
            name, ns = self.seen_to_lead or ("", 0)
            recent = time.monotonic_ns() - ns < 3 * 10**8
            return name.partition(".")[0] if recent and name in self.processes else None

    def await_leader(self, seconds):
        with self.news:
            return self.news.wait_for(self.leader, seconds)

    def end(self, candidate, number):
        name = self.name(candidate)
        self.check(name)
        since = self.signal(name, number)
        status = self.wait(name)
        if number == signal.SIGTERM:
            self.history.add(Ended(name, True, status, time.monotonic_ns() - since))

    def check(self, name):
        """Notes a candidate that has ended by itself."""
        status = self.processes[name].poll()
        if status is not None:
            self.history.add(Ended(name, False, status, 0))

    def check_all(self):
        for name in list(self.processes):
            self.check(name)


class Storm:
    """Puts episodes of a schedule into effect."""

    def __init__(self, candidates, cluster, network, links, history):
        self.candidates = candidates
        self.cluster = cluster
        self.network = network
        self.links = links  # by candidate and node
        self.history = history
        self.lock = threading.Lock()
        self.busy = set()

    def blow(self, episode, tell):
        """Returns when all faults are mended."""
        failures = []

        def inflict(drawn):
            try:
                time.sleep(drawn.at)
                self.inflict(drawn, tell)
            except BaseException as error:  # for the main thread to raise
                failures.append(error)

        threads = [threading.Thread(target=inflict, args=[f], daemon=True)
                   for f in episode.faults]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]

    def inflict(self, drawn, tell):
        if drawn.what == "roll":
            for node in range(1, NODES + 1):
                self.suffer(drawn, [f"node{node}"], drawn.lasts / NODES, tell)
        elif is_of_node(drawn.what):
            self.suffer(drawn, [f"node{drawn.number}"], drawn.lasts, tell)
        else:
            meant = drawn.leader and self.candidates.leader() or f"c{drawn.number}"
            self.suffer(drawn, [meant, *self.links], drawn.lasts, tell)

    def suffer(self, drawn, targets, lasts, tell):
        """The fault meets the first target that has no other fault now."""
        with self.lock:
            whom = next((t for t in targets if t not in self.busy), None)
            if not whom:
                return
            self.busy.add(whom)
        leads = ", the leader," if whom == self.candidates.leader() else ""
        tell(drawn.told_of(whom + leads, lasts))
        begin = time.monotonic_ns()
        with getattr(self, drawn.what.replace("-", "_"))(whom, drawn):
            down = time.monotonic_ns()
            time.sleep(lasts)
            up = time.monotonic_ns()
        self.history.add(Fault(drawn.what, whom, begin, down, up, time.monotonic_ns()))
        with self.lock:
            self.busy.remove(whom)

    # --- what befalls a candidate ---

    @contextlib.contextmanager
    def kill(self, whom, _):
        self.candidates.end(whom, signal.SIGKILL)
        yield
        self.candidates.begin(whom)

    @contextlib.contextmanager
    def leave(self, whom, _):
        self.candidates.end(whom, signal.SIGTERM)
        yield
        self.candidates.begin(whom)

    @contextlib.contextmanager
    def pause(self, whom, _):
        name = self.candidates.name(whom)
        self.candidates.signal(name, signal.SIGSTOP)
        yield
        self.candidates.signal(name, signal.SIGCONT)

    @contextlib.contextmanager
    def cut(self, whom, drawn):
        links = [self.links[whom][node] for node in drawn.nodes]
        for link in links:
            self.network.call(link.cut, drawn.how)
        yield
        for link in links:
            self.network.call(link.heal)

    @contextlib.contextmanager
    def delay(self, whom, drawn):
        for link in self.links[whom].values():
            self.network.call(link.slow, drawn.delay)
        yield
        for link in self.links[whom].values():
            self.network.call(link.heal)

    # --- what befalls a node ---

    @contextlib.contextmanager
    def kill_node(self, whom, _):
        self.cluster.kill_node(number_of(whom))
        yield
        self.cluster.start_node(number_of(whom))

    @contextlib.contextmanager
    def pause_node(self, whom, _):
        self.cluster.pause_node(number_of(whom))
        yield
        self.cluster.resume_node(number_of(whom))

    @contextlib.contextmanager
    def stop_node(self, whom, _):
        self.cluster.stop_node(number_of(whom))
        yield
        self.cluster.start_node(number_of(whom))

    roll = stop_node


def number_of(node):
    return int(node.removeprefix("node"))
