"""Digests of what two platforms share.  [protocol, section 8]"""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page

from exchange.delivery.api.access import resource, signed
from exchange.delivery.keys import split
from exchange.delivery.models import Peer
from exchange.reconciliation import buckets, selectors
from exchange.reconciliation.selectors import View
from exchange.reconciliation.services import statements
from platform_core.common.errors import DomainError
from platform_core.datasets import registry

BUCKET = re.compile(r"[0-9a-f]{3}")


class UnknownInterface(DomainError):
    """There is no such interface here."""

    status = 404
    code = "unknown_interface"


@signed
def _digest(request: HttpRequest, code: str) -> HttpResponse:
    peer: Peer = request.peer  # type: ignore[attr-defined]
    if not registry.known(code):
        raise UnknownInterface(_("This interface is not known here."))
    origin = request.GET.get("origin", "")
    if split(f"{origin}#1") is None:
        text = _("A node code is a letter N, P, M or C and eight digits.")
        raise DomainError(text, code="format", fields={"origin": text})
    view = selectors.view(peer, code, origin)
    depth = request.GET.get("depth", "0")
    if depth not in DEPTHS:
        text = _("The depth is 0, 1 or 2.")
        raise DomainError(text, code="range", fields={"depth": text})
    return JsonResponse(DEPTHS[depth](request, peer, view), safe=False)


def _whole(request: HttpRequest, peer: Peer, view: View) -> dict[str, Any]:
    said = statements.make(view, view.digest(), peer.code)
    return {
        "count": said.digest.count,
        "digest": said.digest.hex,
        "as_of_position": view.position(),
        **said.stored(),
    }


def _buckets(request: HttpRequest, peer: Peer, view: View) -> list[dict[str, Any]]:
    return [
        {"bucket": buckets.name_of(number), "count": one.count, "digest": one.hex}
        for number, one in enumerate(view.all_buckets())
    ]


def _rows(request: HttpRequest, peer: Peer, view: View) -> list[dict[str, Any]]:
    name = request.GET.get("bucket", "").lower()
    if not BUCKET.fullmatch(name):
        text = _("A bucket is three hex digits.")
        raise DomainError(text, code="format", fields={"bucket": text})
    return [
        {"uid": str(row.uid), "revision": row.revision, "hash": row.hash}
        for row in sorted(view.rows(int(name, 16)), key=lambda row: row.uid)
    ]


DEPTHS = {"0": _whole, "1": _buckets, "2": _rows}
digest = gzip_page(resource(GET=_digest))
