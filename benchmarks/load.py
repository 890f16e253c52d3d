"""A load generator: eight connections, one request after the other on each."""

import socket
import statistics
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class Call:
    """One request to make."""

    method: str
    path: str
    body: bytes = b""
    token: str = ""
    cookie: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What a run of calls cost."""

    calls: int
    seconds: float
    p50_ms: float
    p95_ms: float
    failed: Mapping[int, int]

    @property
    def rate(self) -> float:
        return self.calls / self.seconds


def run(port: int, calls: Callable[[int], Call], count: int) -> Result:
    """Make `count` calls over eight connections and time each."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        lanes = pool.map(
            lambda lane: _lane(port, calls, range(lane, count, CONNECTIONS)),
            range(CONNECTIONS),
        )
        answers = [answer for lane in lanes for answer in lane]
    seconds = time.perf_counter() - begun
    times = sorted(spent for spent, _ in answers)
    return Result(
        calls=count,
        seconds=seconds,
        p50_ms=statistics.median(times) * 1000,
        p95_ms=times[int(len(times) * 0.95)] * 1000,
        failed=Counter(status for _, status in answers if status >= 400),
    )


def _lane(
    port: int, calls: Callable[[int], Call], numbers: range
) -> list[tuple[float, int]]:
    answers = []
    for number in numbers:
        call = calls(number)
        begun = time.perf_counter()
        status = _ask(port, _request(call))
        answers.append((time.perf_counter() - begun, status))
    return answers


def _request(call: Call) -> bytes:
    """A request as it goes over the line; the connection ends with its answer."""
    lines = [f"{call.method} {call.path} HTTP/1.1", "Host: 127.0.0.1"]
    if call.token:
        lines.append(f"Authorization: Token {call.token}")
    if call.cookie:
        lines.append(f"Cookie: {call.cookie}")
    if call.body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(call.body)}"]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + call.body


def _ask(port: int, request: bytes) -> int:
    """Send, read to the end, give the status; bare, to leave the cores to others."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(request)
        head = line.recv(1 << 16)
        while line.recv(1 << 16):
            pass
    return int(head.split(b" ", 2)[1])
