"""A relay of connections on this machine that lets answers wait."""

import contextlib
import socket
import threading
from collections.abc import Iterator

PIECE = 65_536


class Forwarder:
    """Passes connections on to an address; each piece of an answer comes later."""

    def __init__(self, target: tuple[str, int], delay: float, listen: str) -> None:
        self.target, self.delay = target, delay
        self.server = socket.create_server((listen, 0))
        self.ended = threading.Event()

    @property
    def address(self) -> tuple[str, int]:
        host, port = self.server.getsockname()[:2]
        return str(host), int(port)

    def serve(self) -> None:
        """Take connections until the relay is closed."""
        while not self.ended.is_set():
            try:
                near, _address = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self._relay, args=(near,), daemon=True).start()

    def _relay(self, near: socket.socket) -> None:
        with near, contextlib.suppress(OSError), self._connect() as far:
            there = threading.Thread(
                target=self._pass, args=(near, far, 0), daemon=True
            )
            there.start()
            self._pass(far, near, self.delay)

    def _connect(self) -> socket.socket:
        far = socket.create_connection(self.target, timeout=30)
        far.settimeout(None)
        return far

    def _pass(self, source: socket.socket, sink: socket.socket, delay: float) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(PIECE):
                self.ended.wait(delay)
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Take no more connections and let nothing wait any longer."""
        self.ended.set()
        with contextlib.suppress(OSError):
            self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()


@contextlib.contextmanager
def forwarding(
    target: tuple[str, int], *, delay: float, listen: str
) -> Iterator[tuple[str, int]]:
    """The address of a relay that runs while the block does."""
    relay = Forwarder(target, delay, listen)
    thread = threading.Thread(target=relay.serve, daemon=True)
    thread.start()
    try:
        yield relay.address
    finally:
        relay.close()
        thread.join(2)


def closed_port(listen: str) -> tuple[str, int]:
    """An address at which nobody listens."""
    with contextlib.closing(socket.create_server((listen, 0))) as probe:
        host, port = probe.getsockname()[:2]
    return str(host), int(port)
