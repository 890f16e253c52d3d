"""The door of the protocol: who speaks, how much, how fast."""

import functools
from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from exchange.delivery import codings, keys, signatures, texts
from exchange.delivery.codings import COMPRESS_FROM
from exchange.delivery.enums import MAX_BYTES, PeerState
from exchange.delivery.errors import TooLarge, Unauthorised, code_of
from exchange.delivery.models import NodeKey, Peer
from exchange.delivery.services import line, policies
from platform_core.accounts.signin import address_of
from platform_core.audit import services as audit
from platform_core.common.errors import DomainError

log = structlog.get_logger(__name__)
Handler = Callable[..., HttpResponse]


class MethodNotAllowed(DomainError):
    """The resource exists but not with this method."""

    status = 405
    code = "format"


class LengthRequired(DomainError):
    """A body in pieces before a server that does not put them together."""

    status = 411
    code = "format"


def resource(**methods: Handler) -> Handler:
    """One path of the protocol with a handler for each method."""

    @csrf_exempt
    def view(request: HttpRequest, **parts: Any) -> HttpResponse:
        try:
            handler = methods.get(request.method or "")
            if handler is None:
                raise MethodNotAllowed(_("The resource has no such method."))
            return pack(request, handler(request, **parts))
        except DomainError as error:
            return pack(request, refusal(request, error))

    return view


def refusal(request: HttpRequest, error: DomainError) -> JsonResponse:
    """The protocol's one shape of errors."""
    log.info("exchange.refused", path=request.path, code=error.code)
    told = error.as_dict() | {"code": code_of(error)}
    answer = JsonResponse(told, status=error.status)
    if error.status in {429, 503}:
        answer["Retry-After"] = str(getattr(error, "retry_after", 5))
    return answer


def pack(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Say which codings are read here; compress a large answer as it is wanted."""
    answer["Accept-Encoding"] = codings.ACCEPT
    is_json = answer.get("Content-Type", "").startswith("application/json")
    if answer.streaming or not is_json or len(answer.content) <= COMPRESS_FROM:
        return answer
    coding = codings.choose(request.headers.get("Accept-Encoding", ""))
    if coding:
        answer.content = codings.encode(answer.content, coding)
        answer["Content-Encoding"] = coding
        answer["Content-Length"] = str(len(answer.content))
    answer["Vary"] = "Accept-Encoding"
    return answer


def signed(handler: Handler) -> Handler:
    """Only for peers whose signature fits; they are passed on as `request.peer`."""

    @functools.wraps(handler)
    def guarded(request: HttpRequest, **parts: Any) -> HttpResponse:
        body = raw_body(request)
        try:
            peer = _authenticate(request, body)
            policies.admit(peer, address_of(request))
        except Unauthorised as error:
            _note(request, error)
            raise
        line.heard(peer)
        request.peer = peer  # type: ignore[attr-defined]
        return handler(request, **parts)

    return guarded


def raw_body(request: HttpRequest) -> bytes:
    """The body as it came, before decoding; bounded."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MAX_BYTES:
        raise TooLarge(_("A delivery has at most 5 MB."))
    if request.META.get("HTTP_TRANSFER_ENCODING") and not hasattr(request, "_body"):
        request._body = _chunked(request)
    return request.body


def _chunked(request: HttpRequest) -> bytes:
    """A body without a length; Django reads only those that have one.  [RFC 9112 7]"""
    if not request.META.get("wsgi.input_terminated"):
        raise LengthRequired(_("The request says no length of its body."))
    body: bytes = request.META["wsgi.input"].read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise TooLarge(_("A delivery has at most 5 MB."))
    return body


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
    key = keys.known(given["keyid"])
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
    address = address_of(request)
    if cache.add(f"exchange.refused:{address}:{error.code}", 1, 60):
        data = {"code": error.code, "address": address, "path": request.path[:200]}
        audit.record("exchange.refused", data=data)


def plain_body(request: HttpRequest) -> bytes:
    """The decoded body of a request."""
    coding = request.headers.get("Content-Encoding", "")
    return codings.decode(request.body, coding, MAX_BYTES)


def json_body(request: HttpRequest) -> dict[str, Any]:
    """The decoded JSON object of a request."""
    return texts.parse_object(plain_body(request))
