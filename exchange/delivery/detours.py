"""Connections that a detour leads elsewhere, unseen by what is sent over them."""

from collections.abc import Iterable
from typing import Any

import httpcore

from platform_core.common.clock import now

from .models import Detour


def of(base: str) -> Detour | None:
    """The detour of the peer with this address, while it lasts."""
    return Detour.objects.filter(peer__url=base, until__gt=now()).first()


class Elsewhere(httpcore.NetworkBackend):
    """Connects to one address, whatever is asked for."""

    def __init__(self, host: str, port: int) -> None:
        self.inner, self.host, self.port = httpcore.SyncBackend(), host, port

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the detour; TLS over it still asks for the peer's name."""
        return self.inner.connect_tcp(
            self.host, self.port, timeout, local_address, socket_options
        )

    def sleep(self, seconds: float) -> None:
        self.inner.sleep(seconds)
