"""Subscribing and fetching.  [protocol, section 6]"""

import time
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from exchange.delivery.api.access import json_body, resource, signed
from exchange.delivery.hooks import Called, Load
from exchange.delivery.models import Peer
from exchange.delivery.services import reporting
from exchange.feeds.models import Subscription
from exchange.feeds.services import changing, serving
from exchange.feeds.services import subscriptions as service
from platform_core.common.clock import now
from platform_core.common.errors import DomainError


def _peer(request: HttpRequest) -> Peer:
    peer: Peer = request.peer  # type: ignore[attr-defined]
    return peer


def describe(row: Subscription) -> dict[str, Any]:
    """A subscription as its owner tells it to the subscriber."""
    state = "expired" if row.state == "active" and row.over(now()) else row.state
    found = {
        "id": str(row.uid),
        "state": str(state),
        "interface": row.interface,
        "version": row.version,
        "mode": row.mode,
        "divisions": row.divisions,
        "fields": row.fields,
        "purpose": row.purpose,
    }
    if row.reason:
        found["reason"] = row.reason
    if row.valid_to:
        found["valid_to"] = row.valid_to.isoformat()
    newer = service.newer(row)
    if newer:
        found["newer"] = newer
    if row.wanted is not None:
        found["wanted"] = row.wanted
    return found


@signed
def _apply(request: HttpRequest) -> HttpResponse:
    wish = service.read(json_body(request))
    made = service.apply(peer=_peer(request), wish=wish)
    return JsonResponse(describe(made), status=201)


@signed
def _see(request: HttpRequest, uid: str) -> HttpResponse:
    return JsonResponse(describe(service.find(_peer(request), uid)))


@signed
def _change(request: HttpRequest, uid: str) -> HttpResponse:
    row = service.find(_peer(request), uid)
    row = changing.ask(subscription=row, payload=json_body(request))
    return JsonResponse(describe(row))


@signed
def _cancel(request: HttpRequest, uid: str) -> HttpResponse:
    row = service.cancel(subscription=service.find(_peer(request), uid))
    return JsonResponse(describe(row))


@signed
def _changes(request: HttpRequest, code: str) -> HttpResponse:
    given, peer, begun = request.GET, _peer(request), time.monotonic()
    page = serving.changes(
        peer,
        code,
        cursor=given.get("cursor", ""),
        limit=given.get("limit", ""),
        version=_number(given.get("version", "")),
    )
    took = int((time.monotonic() - begun) * 1000)
    load = Load(code, page.count, size=len(page.text))
    reporting.tell(Called(peer, True, True, took, [load]))
    return HttpResponse(page.text, content_type="application/json")


def _number(text: str) -> int | None:
    if text and not text.isdecimal():
        raise DomainError(_("A version is a number."), code="type")
    return int(text) if text else None


subscriptions = resource(POST=_apply)
subscription = resource(GET=_see, PUT=_change, DELETE=_cancel)
changes = resource(GET=_changes)
