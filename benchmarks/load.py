"""The load generator, a process of its own: so many connections that each send the next request when the last is answered.

Reads a `Load` as JSON on standard input and writes a `Measured` on standard output. It speaks HTTP/1.1 by hand, so
that it takes as little as it can of the cores that it shares with the server.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from statistics import quantiles


@dataclass(frozen=True)
class Load:
    """What to send. In `body`, `@N@` becomes a number that never repeats, `@M@` a member and `@R@` the member's round.

    An answer counts as good if its status is 200 (or 201) and it contains `expected`.
    """

    port: int
    body: str
    authorization: str
    expected: str = ""
    seconds: float = 3.0
    warm_up: float = 0.7
    connections: int = 16
    first: int = 0
    members: int = 1
    members_a_round: int = 1


@dataclass(frozen=True)
class Measured:
    """`answered` and the rest are of the time after the warm-up; `good` and `bad` of all the time. Times in ms."""

    per_second: float
    p50: float
    p99: float
    answered: int
    good: int
    bad: int
    next: int
    first_bad: str = ""


def requests(load: Load) -> Iterator[bytes]:
    """The requests, in order, for ever."""
    head = (
        f"POST /api/messages HTTP/1.1\r\nHost: 127.0.0.1:{load.port}\r\nContent-Type: application/json\r\n"
        + (f"Authorization: {load.authorization}\r\n" if load.authorization else "")
    ).encode()
    body = load.body.encode()
    for number in itertools.count(load.first):
        member = number % load.members
        filled = body.replace(b"@N@", b"%d" % number).replace(b"@M@", b"%d" % member)
        filled = filled.replace(b"@R@", b"%d" % (member // load.members_a_round))
        yield head + b"Content-Length: %d\r\n\r\n%s" % (len(filled), filled)


class Run:
    """One run; every connection takes the next request from the same row."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._requests = requests(load)
        self._sent = 0
        self._good = 0
        self._bad = 0
        self._first_bad = ""
        self._times: list[float] = []
        self._from = time.perf_counter() + load.warm_up
        self._until = self._from + load.seconds

    async def measure(self) -> Measured:
        """Send until the time is out."""
        await asyncio.gather(*(self._connection() for _ in range(self._load.connections)))
        cuts = quantiles(self._times, n=100) if len(self._times) > 1 else [0.0] * 99
        answered = len(self._times)
        return Measured(
            answered / self._load.seconds,
            cuts[49] * 1000,
            cuts[98] * 1000,
            answered,
            self._good,
            self._bad,
            self._load.first + self._sent,
            self._first_bad,
        )

    async def _connection(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._load.port)
        expected = self._load.expected.encode()
        while (begun := time.perf_counter()) < self._until:
            self._sent += 1
            writer.write(next(self._requests))
            status, body = await _answer(reader)
            ended = time.perf_counter()
            if status in (200, 201) and expected in body:
                self._good += 1
            else:
                self._bad += 1
                self._first_bad = self._first_bad or f"{status} {body[:300]!r}"
            if self._from <= ended < self._until:
                self._times.append(ended - begun)
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line[15:])
    return int(head[9:12]), await reader.readexactly(length)


def main() -> None:
    """One run, as standard input says."""
    load = Load(**json.load(sys.stdin))
    json.dump(asdict(asyncio.run(Run(load).measure())), sys.stdout)


if __name__ == "__main__":
    main()
