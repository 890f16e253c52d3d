"""Where connectors may reach: folders of the exchange, addresses outside."""

import socket
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from exchange.delivery import guard
from platform_core.common.errors import DomainError

from .errors import Unreachable

SECONDS = 10


def root() -> Path:
    """The folder below which sources may read and write files."""
    path = Path(settings.EXCHANGE_FOLDER)
    path.mkdir(parents=True, exist_ok=True)
    return path.resolve()


def inside(name: str) -> Path:
    """A path below that folder; refused where it leads out of it."""
    path = (root() / name.strip().lstrip("/")).resolve()
    if not path.is_relative_to(root()):
        text = _("The folder lies outside the exchange folder.")
        raise DomainError(text, code="out_of_scope", fields={"folder": text})
    return path


def private_allowed(source_allows: bool) -> bool:
    """May an address inside the own network be called for this source?"""
    return bool(settings.EXCHANGE_ALLOW_PRIVATE) or source_allows


def address(host: str, port: int, *, private: bool) -> str:
    """The address that was judged and is to be connected to."""
    if private_allowed(private):
        return host
    return guard.resolve(host, port)[0]


def connect(host: str, port: int, *, private: bool) -> socket.socket:
    """A connection to a judged address."""
    try:
        return socket.create_connection(
            (address(host, port, private=private), port), timeout=SECONDS
        )
    except OSError as error:
        text = _("%(host)s:%(port)s cannot be reached: %(error)s")
        facts = {"host": host, "port": port, "error": error}
        raise Unreachable(text % facts) from error
