"""Outgoing connections lead outside: no loopback, link-local or private address.

The name is resolved here and the very address that was judged is connected to, so a
name that changes its address in between (DNS rebinding) gains nothing.
"""

import ipaddress
import socket
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx
from django.utils.translation import gettext as _

from platform_core.common.errors import PeerUnavailable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.ip_network("64:ff9b::/96")


def outside(address: Address) -> bool:
    """Does the address belong to the world, whatever it is wrapped in?"""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return outside(inner)
    return address.is_global and not address.is_multicast


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name; refused where one of them lies inside."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise PeerUnavailable(_("The address cannot be found.")) from error
    addresses = [str(entry[4][0]).split("%")[0] for entry in found]
    if not all(outside(ipaddress.ip_address(one)) for one in addresses):
        raise PeerUnavailable(
            _("The address lies in a private network; that is not allowed here.")
        )
    return list(dict.fromkeys(addresses))


class Guarded(httpcore.NetworkBackend):
    """Connects to the addresses that were judged, and to no others."""

    def __init__(self) -> None:
        self.inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Try one judged address after the other."""
        problem: Exception = httpcore.ConnectError(host)
        for address in resolve(host, port):
            try:
                return self.inner.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
        raise problem

    def sleep(self, seconds: float) -> None:
        self.inner.sleep(seconds)


def transport(
    limits: httpx.Limits, backend: httpcore.NetworkBackend | None = None
) -> httpx.HTTPTransport:
    """A transport whose connections are guarded; TLS checks the name as always.

    Another backend may make the connections instead.
    """
    made = httpx.HTTPTransport(limits=limits, trust_env=False)
    made._pool = httpcore.ConnectionPool(
        ssl_context=httpx.create_ssl_context(trust_env=False),
        max_connections=limits.max_connections,
        max_keepalive_connections=limits.max_keepalive_connections,
        keepalive_expiry=limits.keepalive_expiry,
        network_backend=backend or Guarded(),
    )
    return made
