# SPDX-License-Identifier: BSL-1.0
"""The network of the candidates: a proxy for each candidate and node, and the counter."""

import asyncio
import contextlib
import threading
import time

from history import Write


class Link:
    """The way from one candidate to one node. Like TCP, it loses nothing: bytes that are held up
    arrive when the cut is healed."""

    def __init__(self, port):
        self.port = port
        self.there, self.back = asyncio.Event(), asyncio.Event()  # set: bytes pass
        self.connections = set()
        self.heal()

    def cut(self, how):
        if how in ("silent", "there"):
            self.there.clear()
        if how in ("silent", "back"):
            self.back.clear()
        if how == "reset":
            self.refuses = True
            for writer in self.connections:
                writer.transport.abort()

    def slow(self, seconds):
        self.delay = seconds

    def heal(self):
        self.refuses = False
        self.delay = 0
        self.there.set()
        self.back.set()

    async def serve(self, reader, writer):
        with contextlib.ExitStack() as held:
            self.hold(writer, held)
            with contextlib.suppress(OSError):
                await self.there.wait()
                if self.refuses:
                    return
                node_reader, node_writer = await asyncio.open_connection("127.0.0.1", self.port)
                self.hold(node_writer, held)
                await asyncio.gather(self.pump(reader, node_writer, self.there),
                                     self.pump(node_reader, writer, self.back))

    def hold(self, writer, held):
        self.connections.add(writer)
        held.callback(self.connections.discard, writer)
        held.callback(writer.close)

    async def pump(self, reader, writer, gate):
        try:
            while data := await reader.read(1 << 16):
                await self.pass_on(gate)
                writer.write(data)
                await writer.drain()
            await self.pass_on(gate)  # the end is passed on as well
        finally:
            writer.close()

    async def pass_on(self, gate):
        if self.delay:
            await asyncio.sleep(self.delay)
        await gate.wait()


class Counter:
    """Takes `<name> <token>` lines and answers whether it has counted them. It refuses a token that
    is smaller than the highest it has seen, and remembers all writes."""

    def __init__(self, remember):
        self.remember = remember
        self.highest = 0

    async def serve(self, reader, writer):
        with contextlib.suppress(OSError):
            while line := await reader.readline():
                who, token = line.decode().split()
                writer.write(b"counted\n" if self.count(who, int(token)) else b"refused\n")
        writer.close()

    def count(self, who, token):
        accepted = token >= self.highest
        self.highest = max(self.highest, token)
        self.remember(Write(time.monotonic_ns(), who, token, accepted))
        return accepted


class Network:
    """An event loop in a thread of its own, for the links and the counter."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def link(self, candidate, port):
        """Makes a link at this candidate's own address, and the node's port. It is where scripts/kafka
        advertises a node of Kafka's to this candidate."""
        async def make():
            link = Link(port)
            await asyncio.start_server(link.serve, f"127.0.0.{10 + candidate}", port)
            return link
        return self.run(make())

    def counter(self, remember):
        """Makes the counter and returns its port."""
        async def make():
            server = await asyncio.start_server(Counter(remember).serve, "127.0.0.1", 0)
            return server.sockets[0].getsockname()[1]
        return self.run(make())

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)

    def call(self, function, *arguments):
        async def do():
            function(*arguments)
        self.run(do())
