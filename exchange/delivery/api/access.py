"""The door of the protocol: who speaks, how much, how fast."""

import functools
import json
import zlib
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from exchange.delivery import keys, signatures
from exchange.delivery.enums import MAX_BYTES, PeerState
from exchange.delivery.errors import TooLarge, TooMany, Unauthorised
from exchange.delivery.models import NodeKey, Peer
from exchange.delivery.services import line
from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.common.errors import DomainError

log = structlog.get_logger(__name__)
Handler = Callable[..., HttpResponse]


class MethodNotAllowed(DomainError):
    """The resource exists but not with this method."""

    status = 405
    code = "format"


class UnsupportedEncoding(DomainError):
    """A content coding that this platform does not read."""

    status = 415
    code = "format"


def resource(**methods: Handler) -> Handler:
    """One path of the protocol with a handler for each method."""

    @csrf_exempt
    def view(request: HttpRequest, **parts: Any) -> HttpResponse:
        try:
            handler = methods.get(request.method or "")
            if handler is None:
                raise MethodNotAllowed(_("The resource has no such method."))
            return handler(request, **parts)
        except DomainError as error:
            return refusal(request, error)

    return view


def refusal(request: HttpRequest, error: DomainError) -> JsonResponse:
    """The protocol's one shape of errors."""
    log.info("exchange.refused", path=request.path, code=error.code)
    answer = JsonResponse(error.as_dict(), status=error.status)
    if error.status in {429, 503}:
        answer["Retry-After"] = "5"
    if error.status == 415:
        answer["Accept-Encoding"] = "gzip"
    return answer


def signed(handler: Handler) -> Handler:
    """Only for peers whose signature fits; they are passed on as `request.peer`."""

    @functools.wraps(handler)
    def guarded(request: HttpRequest, **parts: Any) -> HttpResponse:
        body = raw_body(request)
        try:
            peer = _authenticate(request, body)
        except Unauthorised as error:
            _note(request, error)
            raise
        _limit_rate(peer)
        line.heard(peer)
        request.peer = peer  # type: ignore[attr-defined]
        return handler(request, **parts)

    return guarded


def raw_body(request: HttpRequest) -> bytes:
    """The body as it came, before decoding; bounded."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MAX_BYTES:
        raise TooLarge(_("A delivery has at most 5 MB."))
    return request.body


def message_of(request: HttpRequest) -> signatures.Message:
    """The request as it was sent: host and target as on the wire."""
    target = request.META.get("RAW_URI", "")
    if not target.startswith("/"):
        target = request.get_full_path()
    host = request.META.get("HTTP_HOST", "")
    url = f"{request.scheme}://{host}{target}"
    return signatures.Message(request.method or "", url, dict(request.headers))


def _authenticate(request: HttpRequest, body: bytes) -> Peer:
    message = message_of(request)
    given = signatures.parameters(message.headers)
    key = keys.find(given["keyid"])
    peer = Peer.objects.filter(code=key.node).first() if key else None
    if key is None or peer is None or peer.state == PeerState.DRAFT:
        raise Unauthorised(
            _("This platform or its key is not known here."), code="unknown_peer"
        )
    signatures.verify(message, body, key)
    if not peer.speaks:
        raise Unauthorised(_("The connection is suspended."), code="suspended")
    return peer


def verify_with(request: HttpRequest, body: bytes, public_key: str, alg: str) -> str:
    """Check a joining node's request under the key inside it; gives the keyid."""
    message = message_of(request)
    keyid: str = signatures.parameters(message.headers)["keyid"]
    key = NodeKey(public_key=keys.parse_public(public_key, alg), alg=alg)
    signatures.verify(message, body, key)
    return keyid


def _note(request: HttpRequest, error: Unauthorised) -> None:
    """Refusals go to the audit log, at most one a minute, address and kind."""
    address = request.META.get("REMOTE_ADDR", "")
    if cache.add(f"exchange.refused:{address}:{error.code}", 1, 60):
        data = {"code": error.code, "address": address, "path": request.path[:200]}
        audit.record("exchange.refused", data=data)


def _limit_rate(peer: Peer) -> None:
    """So many requests a minute and peer."""
    minute = int(now().timestamp() // 60)
    name = f"exchange.rate:{peer.code}:{minute}"
    cache.add(name, 0, 120)
    if cache.incr(name) > settings.EXCHANGE_REQUESTS_PER_MINUTE:
        raise TooMany(_("Too many requests; please wait."))


def json_body(request: HttpRequest) -> dict[str, Any]:
    """The decoded JSON object of a request."""
    text = _decode(request)
    if b"\\u0000" in text:
        raise DomainError(_("The body contains a null character."), code="format")
    try:
        payload = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise DomainError(_("The body is not valid JSON."), code="format") from error
    if not isinstance(payload, dict):
        raise DomainError(_("The body is not a JSON object."), code="type")
    return payload


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _decode(request: HttpRequest) -> bytes:
    coding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if coding in {"identity", ""}:
        return request.body
    if coding != "gzip":
        raise UnsupportedEncoding(_("Bodies may be compressed with gzip."))
    inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        text = inflater.decompress(request.body, MAX_BYTES + 1)
    except zlib.error as error:
        raise DomainError(_("The body cannot be decompressed."), code="format") from (
            error
        )
    if len(text) > MAX_BYTES:
        raise TooLarge(_("A delivery has at most 5 MB."))
    if not inflater.eof:
        raise DomainError(_("The body cannot be decompressed."), code="format")
    return text
