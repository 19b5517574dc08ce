# SPDX-License-Identifier: BSL-1.0
"""What is done to an election, and what is then measured.

Each scenario returns samples by the name of what was measured, and the last one's timeline.
"""

import collections
import concurrent.futures
import contextlib
import dataclasses
import random
import signal
import time

import stalls
from harness import PATIENCE, say
from harness.fleet import Silence
from leading import Election, interruptions, timeline, without_leader

SHOWN = 1_000_000_000  # ns of a timeline before and after what was done


@dataclasses.dataclass(frozen=True)
class Size:
    """How much is done: the number of repetitions; and, where each takes as long as the contender's
    lease or session, the seconds for all of them."""
    starts: int
    handovers: int
    rounds: int
    restarts: int
    seconds: float

    def as_long_as_it_takes(self, contender, at_most):
        return max(1, min(at_most, round(self.seconds / timeout(contender))))


FULL = Size(starts=8, handovers=15, rounds=5, restarts=2, seconds=45)
QUICK = Size(starts=1, handovers=2, rounds=1, restarts=1, seconds=3)


def timeout(contender):
    """The lease or session, in seconds."""
    return (contender.crash_ms or 10_000) / 1000


def patience(contender):
    return PATIENCE + 2 * timeout(contender)


def out_of_step():
    """A random pause, so that what is done is not in step with the contenders' periods."""
    time.sleep(random.random() / 2)


def ms(ns):
    return ns / 1e6


def lengths(spans):
    return [ms(until - since) for since, until in spans]


def told(what, contender, samples, shown, spans):
    """Adds to each sample how long the machine stood still in that time."""
    samples[stalls.MEANWHILE] = [stalls.longest(*span) for span in spans]
    for metric, values in samples.items():
        say(f"{contender.name}: {what}: {metric}: {', '.join(f'{v:.1f}' for v in values)}")
    return {"samples": samples, "timeline": shown}


# --- with candidates ---

def start(contender, servers, size):
    """Starts a first candidate on an existing topic that the last leader has left in order."""
    spans = []
    with Election(contender, servers) as election:
        election.found(1)
        election.leave(election.leader())
        for _ in range(size.starts):
            since = time.monotonic_ns()
            name = election.start()
            until = election.expect(since, "LEAD", name).ns
            spans.append((since, until))
            election.leave(name)
        shown = timeline(election, since - SHOWN // 10, time.monotonic_ns())
    return told("start", contender, {"to leading, ms": lengths(spans)}, shown, spans)


def succession(what, contender, servers, end, repeated, candidates=3):
    """The time from that signal to the leader until another candidate leads."""
    spans = []
    with Election(contender, servers) as election:
        election.found(candidates)
        for i in range(repeated):
            if i:
                election.join()
            out_of_step()
            leader = election.leader()  # with some contenders the newcomer leads
            since = election.signal(leader, end)
            fact = election.expect(since, "LEAD", within=patience(contender))
            election.wait(leader)
            spans.append((since, fact.ns))
        shown = timeline(election, since - SHOWN // 4, fact.ns + SHOWN // 2)
    return told(what, contender, {"to the next leader, ms": lengths(spans)}, shown, spans)


def crash(contender, servers, size):
    return succession("crash", contender, servers, signal.SIGKILL,
                      size.as_long_as_it_takes(contender, 40))


def hand_over(contender, servers, size):
    return succession("hand-over", contender, servers, signal.SIGTERM, size.handovers)


def hand_over_among(candidates, contender, servers, size):
    return succession(f"hand-over among {candidates}", contender, servers, signal.SIGTERM,
                      size.restarts, candidates)


def standbys(contender, servers, size):
    """A candidate joins, leaves, joins again and is killed, while another one leads."""
    without, interrupted, spans = [], [], []
    with Election(contender, servers) as election:
        election.found(2)
        for _ in range(size.as_long_as_it_takes(contender, size.rounds)):
            since = election.note("round")
            for end in election.leave, election.crash:
                leader = election.leader()
                newcomer = election.join()
                end(newcomer if newcomer != election.leader() else leader)
                # The others notice the death when the newcomer's session is over.
                time.sleep(1 if end == election.leave else timeout(contender) + 1)
            now = time.monotonic_ns()
            reigns = election.reigns(now)
            without.append(ms(without_leader(reigns, since, now)))
            interrupted.append(interruptions(reigns, since, now))
            spans.append((since, now))
        shown = timeline(election, since, now)
    return told("standbys", contender, {"without leader a round, ms": without,
                                        "interruptions a round": interrupted}, shown, spans)


def rolling_restart(contender, servers, size):
    """Each of three candidates is stopped in order and started anew before the next."""
    without, spans = [], []
    with Election(contender, servers) as election:
        election.found(3)
        for _ in range(size.restarts):
            since = election.note("round")
            for name in list(election.processes):
                out_of_step()
                election.leave(name)
                election.join()
            election.leader()
            now = time.monotonic_ns()
            without.append(ms(without_leader(election.reigns(now), since, now)))
            spans.append((since, now))
        shown = timeline(election, since, now)
    return told("rolling restart", contender, {"without leader, ms": without}, shown, spans)


def zombie(contender, servers, size):
    """The leader is paused until another leads; then it goes on and is asked a thousand times."""
    answers, spans = [], []
    with Election(contender, servers) as election:
        election.found(2)
        for _ in range(size.as_long_as_it_takes(contender, 6)):
            out_of_step()
            leader = election.leader()
            since = election.signal(leader, signal.SIGSTOP)
            election.expect(since, "LEAD", within=patience(contender))
            time.sleep(0.5)
            resumed = election.signal(leader, signal.SIGCONT)
            yes = int(election.expect(resumed, "RESUMED", leader).detail.split()[1])
            answers.append(yes)
            time.sleep(contender.settle)
            now = time.monotonic_ns()
            spans.append((since, now))
        shown = timeline(election, since - SHOWN // 2, now)
    return told("zombie", contender, {'"I lead" of 1,000 answers': answers}, shown, spans)


# --- with servers; all contenders at once, each with an election of its own ---

def restarts(contenders, running, times):
    """Each node of the servers is stopped in order and started again. Returns results by contender."""
    def settled(contender):
        election = Election(contender, running[contender.kind].servers)
        election.found(3)
        return election

    without, interrupted = collections.defaultdict(list), collections.defaultdict(list)
    results, spans = {}, []
    with contextlib.ExitStack() as stack:
        with concurrent.futures.ThreadPoolExecutor(len(contenders)) as pool:
            elections = [stack.enter_context(e) for e in pool.map(settled, contenders)]
        for _ in range(times):
            since = time.monotonic_ns()
            # All kinds of servers have the same number of nodes.
            for node in next(iter(running.values())).nodes:
                restart(node, running, elections)
            for e in elections:
                with contextlib.suppress(Silence):
                    e.leader()
            now = time.monotonic_ns()
            spans.append((since, now))
            for e in elections:
                reigns = e.reigns(now)
                without[e].append(ms(without_leader(reigns, since, now)))
                interrupted[e].append(interruptions(reigns, since, now))
        for e in elections:
            results[e.contender.name] = told(
                "restart", e.contender,
                {"without leader, ms": without[e], "interruptions": interrupted[e]},
                timeline(e, since, now), spans)
    return results


def restart(node, running, elections):
    for kind, server in running.items():
        say(f"{kind}: restarting node {node}")
        mine = [e for e in elections if e.contender.kind == kind]
        for e in mine:
            e.note(f"stop {node}")
        server.stop_node(node)
        server.start_node(node)
        for e in mine:
            e.note(f"{node} is back")
    # Time for the replicas to catch up again.
    time.sleep(3)


WITH_CANDIDATES = {"start": start, "hand-over": hand_over, "crash": crash, "standbys": standbys,
                   "rolling restart": rolling_restart, "zombie": zombie}
# Scenarios that take a second or more give the same results when all contenders run at once.
AT_ONCE = ["crash", "standbys", "zombie"]
