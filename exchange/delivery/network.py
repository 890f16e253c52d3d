"""The only place from which the exchange calls out."""

import gzip
import ipaddress
import json
import socket
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from platform_core.common.errors import DomainError, PeerUnavailable

from . import signatures

PREFIX = "/exchange/v1/"
TIMEOUT = httpx.Timeout(30, connect=5, pool=5)
COMPRESS_FROM = 2_000


@cache
def client() -> httpx.Client:
    """One client a process; redirects are never followed."""
    limits = httpx.Limits(max_keepalive_connections=40, keepalive_expiry=15)
    return httpx.Client(
        timeout=TIMEOUT, limits=limits, follow_redirects=False, trust_env=False
    )


def check_url(url: str) -> str:
    """A peer's address in normal form; DomainError for one we must not call."""
    parts = urlsplit(url.strip())
    wrong = None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        wrong = _("An address begins with https:// or http://.")
    elif parts.username or parts.password or parts.query or parts.fragment:
        wrong = _("An address has no password, query or fragment.")
    if wrong:
        raise DomainError(wrong, code="format", fields={"url": wrong})
    return url.strip().rstrip("/")


def _check_target(url: str) -> None:
    """Addresses inside the own network are called only where that is allowed."""
    if settings.EXCHANGE_ALLOW_PRIVATE:
        return
    parts = urlsplit(url)
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443)
    except OSError as error:
        raise PeerUnavailable(_("The address cannot be found.")) from error
    for entry in found:
        if not ipaddress.ip_address(str(entry[4][0]).split("%")[0]).is_global:
            raise PeerUnavailable(
                _("The address lies in a private network; that is not allowed here.")
            )


def call(url: str, method: str, path: str, payload: Any = None) -> httpx.Response:
    """A signed request to a peer; PeerUnavailable if no answer came."""
    body = b"" if payload is None else _encode(payload)
    return send(url, method, path, body)


def _encode(payload: Any) -> bytes:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def send(url: str, method: str, path: str, body: bytes) -> httpx.Response:
    """A signed request with a body that is ready; large ones are compressed."""
    base = check_url(url)
    _check_target(base)
    headers = {"Accept": "application/json"}
    if body:
        headers["Content-Type"] = "application/json"
    if len(body) > COMPRESS_FROM:
        body = gzip.compress(body, compresslevel=5, mtime=0)
        headers["Content-Encoding"] = "gzip"
    request = client().build_request(
        method, base + PREFIX + path, content=body or None, headers=headers
    )
    signed = signatures.sign(method, str(request.url), body or None)
    request.headers.update(signed)
    try:
        return client().send(request)
    except httpx.HTTPError as error:
        raise PeerUnavailable(str(error) or type(error).__name__) from error
