"""The only place from which the exchange calls out."""

import json
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.core.cache import cache as store
from django.utils.translation import gettext as _

from platform_core.common.errors import DomainError, PeerUnavailable

from . import codings, detours, guard, keys, signatures
from .models import Peer, PeerPolicy

PREFIX = "/exchange/v1/"
TIMEOUT = httpx.Timeout(30, connect=5, pool=5)
LIMITS = httpx.Limits(max_keepalive_connections=40, keepalive_expiry=15)
# An answer, as it comes and as it unpacks.
MAX_ANSWER = 6_000_000
KEEP_CODINGS = 86_400


@cache
def client() -> httpx.Client:
    """One client a process; redirects are never followed."""
    transport = httpx.HTTPTransport(limits=LIMITS, trust_env=False)
    return _client(transport)


@cache
def guarded_client() -> httpx.Client:
    """The client for peers that may not be inside the own network."""
    return _client(guard.transport(LIMITS))


@lru_cache(maxsize=8)
def led_client(host: str, port: int) -> httpx.Client:
    """The client whose connections all lead to one address."""
    return _client(guard.transport(LIMITS, detours.Elsewhere(host, port)))


def _client(transport: httpx.HTTPTransport) -> httpx.Client:
    return httpx.Client(
        transport=transport, timeout=TIMEOUT, follow_redirects=False, trust_env=False
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


def _client_for(base: str) -> httpx.Client:
    """Addresses inside the own network are called only where a rule allows it."""
    detour = detours.of(base)
    if detour is not None:
        return led_client(detour.host, detour.port)
    if may_be_private(base):
        return client()
    if urlsplit(base).scheme != "https":
        raise PeerUnavailable(
            _("Without TLS only platforms inside the own network are called.")
        )
    return guarded_client()


def may_be_private(base: str) -> bool:
    """May the peer with this address be inside the own network?"""
    return settings.EXCHANGE_ALLOW_PRIVATE or _allows_private(base)


def _allows_private(base: str) -> bool:
    for peer in Peer.objects.filter(url=base):
        rules = PeerPolicy.objects.filter(peer=peer).order_by("-version").first()
        if rules is not None and rules.allow_private:
            return True
    return False


def call(url: str, method: str, path: str, payload: Any = None) -> httpx.Response:
    """A signed request to a peer; PeerUnavailable if no answer came."""
    body = b"" if payload is None else _encode(payload)
    return send(url, method, path, body)


def _encode(payload: Any) -> bytes:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def send(
    url: str,
    method: str,
    path: str,
    body: bytes,
    *,
    headers: dict[str, str] | None = None,
) -> httpx.Response:
    """A signed request with a body that is ready; large ones are compressed.

    With headers of its own the body is sent as it is.
    """
    base = check_url(url)
    plain = headers is not None or len(body) <= codings.COMPRESS_FROM
    asked = Request(base, method, path, body, headers, "" if plain else _coding(base))
    return asked.heard(_first_known(*asked.signed()))


def begin(url: str, method: str, path: str, body: bytes = b"") -> "Pending":
    """The same while other work is done; all but the waiting is done before."""
    base = check_url(url)
    coding = _coding(base) if len(body) > codings.COMPRESS_FROM else ""
    asked = Request(base, method, path, body, None, coding)
    return Pending(asked, _waiting().submit(_first_known, *asked.signed()))


@cache
def _waiting() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=64, thread_name_prefix="waiting")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a peer."""

    base: str
    method: str
    path: str
    body: bytes
    extra: dict[str, str] | None
    coding: str

    def signed(self) -> tuple[httpx.Client, list[httpx.Request]]:
        """Signed with each own key: the peer may not know the new one yet."""
        headers = {"Accept": "application/json", "Accept-Encoding": codings.ACCEPT}
        body = self.body
        if body:
            headers["Content-Type"] = "application/json"
        if self.coding:
            body = codings.encode(body, self.coding)
            headers["Content-Encoding"] = self.coding
        target = _client_for(self.base)
        made = []
        for key in keys.own_keys():
            request = target.build_request(
                self.method,
                self.base + PREFIX + self.path,
                content=body or None,
                headers=headers | (self.extra or {}),
            )
            made.append(_signed(request, key, body))
        return target, made

    def heard(self, answer: httpx.Response) -> httpx.Response:
        """The answer, or that to the same body as it is where its coding is unread."""
        _remember(self.base, answer)
        if answer.status_code == 415 and self.coding:
            return _first_known(*replace(self, coding="").signed())
        return answer


@dataclass(frozen=True, slots=True)
class Pending:
    """A request whose answer is waited for elsewhere."""

    asked: Request
    future: "Future[httpx.Response]"

    def result(self) -> httpx.Response:
        """The answer; PeerUnavailable if none came."""
        return self.asked.heard(self.future.result())


def _first_known(target: httpx.Client, requests: list[httpx.Request]) -> httpx.Response:
    """Send with the key in use, and with the old one where the peer knows no new.

    Needs no database, so that any thread may wait here.
    """
    answer = _send(target, requests[0])
    for request in requests[1:]:
        if not _knows_no_key(answer):
            break
        answer = _send(target, request)
    return answer


def _coding(base: str) -> str:
    """How the peer wants large bodies, by its last answer."""
    return codings.choose(store.get(f"exchange.codings:{base}", "gzip"))


def _remember(base: str, answer: httpx.Response) -> None:
    told = answer.headers.get("Accept-Encoding")
    if told is not None:
        store.set(f"exchange.codings:{base}", told[:100], KEEP_CODINGS)


def _signed(request: httpx.Request, key: keys.OwnKey, body: bytes) -> httpx.Request:
    signed = signatures.sign(request.method, str(request.url), body or None, key=key)
    request.headers.update(signed)
    return request


def _send(target: httpx.Client, request: httpx.Request) -> httpx.Response:
    """The answer, unpacked within limits: a peer may not fill our memory."""
    begun = time.monotonic()
    try:
        answer = target.send(request, stream=True)
        try:
            body = _read(answer)
        finally:
            answer.close()
    except httpx.HTTPError as error:
        raise PeerUnavailable(_reason(error)) from error
    try:
        text = codings.decode(
            body, answer.headers.get("Content-Encoding", ""), MAX_ANSWER
        )
    except DomainError as error:
        raise PeerUnavailable(str(error.message)) from error
    headers = httpx.Headers(answer.headers)
    for name in ("Content-Encoding", "Content-Length", "Transfer-Encoding"):
        headers.pop(name, None)
    found = httpx.Response(
        answer.status_code, headers=headers, content=text, request=request
    )
    found.elapsed = timedelta(seconds=time.monotonic() - begun)
    return found


def _reason(error: httpx.HTTPError) -> str:
    """How the line failed, in words and as the system says it."""
    if isinstance(error, httpx.TimeoutException):
        words = _("No answer came in time")
    elif isinstance(error, httpx.ConnectError):
        words = _("Nobody answers at this address")
    else:
        words = _("The line broke")
    return f"{words}: {str(error) or type(error).__name__}"


def _read(answer: httpx.Response) -> bytes:
    parts, size = [], 0
    for part in answer.iter_raw():
        size += len(part)
        if size > MAX_ANSWER:
            raise PeerUnavailable(_("The answer is too large."))
        parts.append(part)
    return b"".join(parts)


def _knows_no_key(answer: httpx.Response) -> bool:
    """Has the peer not heard of our new key yet? Then the old one is tried."""
    if answer.status_code != 401:
        return False
    try:
        return bool(answer.json()["code"] == "unknown_peer")
    except (ValueError, KeyError, TypeError):
        return False
