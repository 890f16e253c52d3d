"""`blobs/{sha256}`: files by content, in pieces, for those who hold the record."""

import re

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from exchange.delivery import pieces
from exchange.delivery.enums import TransferState
from exchange.delivery.models import Peer
from exchange.delivery.services import blobs, early
from platform_core.common.errors import DomainError
from platform_core.files import services as files

from .access import plain_body, resource, signed

RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})", re.ASCII)
CONTENT_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})", re.ASCII)


class NoBlob(DomainError):
    """The content is not here, or the caller holds no record that names it."""

    status = 404
    code = "reference_missing"


@signed
def _get(request: HttpRequest, sha256: str) -> HttpResponse:
    peer = request.peer  # type: ignore[attr-defined]
    content = files.content(sha256) if blobs.may_have(peer, sha256) else None
    if content is None:
        raise NoBlob(_("There is no such file for you."))
    first, last = _span(request.headers.get("Range", ""), len(content))
    whole = (first, last) == (0, len(content) - 1) and "Range" not in request.headers
    answer = HttpResponse(
        content[first : last + 1],
        status=200 if whole else 206,
        content_type="application/octet-stream",
    )
    answer["Accept-Ranges"] = "bytes"
    if not whole:
        answer["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return answer


def _span(header: str, size: int) -> tuple[int, int]:
    found = RANGE.fullmatch(header.strip())
    if found is None:
        return 0, size - 1
    first = int(found[1])
    last = min(int(found[2]) if found[2] else size - 1, size - 1)
    if first > last:
        raise BadRange(_("The range lies outside the file."))
    return first, last


class BadRange(DomainError):
    """Bytes that the file does not have."""

    status = 416
    code = "range"


@signed
def _put(request: HttpRequest, sha256: str) -> HttpResponse:
    peer: Peer = request.peer  # type: ignore[attr-defined]
    body = plain_body(request)
    first, size = _place(request, len(body))
    row = blobs.awaited(peer, sha256) or early.begin(peer, sha256, size)
    if row.state == TransferState.REFUSED:
        raise DomainError(row.error, code="format")
    if row.state == TransferState.WAITING:
        if size != row.size:
            raise _misfit()
        try:
            blobs.take(row, first, body)
        except pieces.WrongOffset as error:
            return JsonResponse(
                error.as_dict() | {"received": error.received}, status=409
            )
    if row.state == TransferState.REFUSED:
        raise DomainError(row.error, code="format")
    done = row.state == TransferState.DONE
    return JsonResponse({"received": row.received}, status=201 if done else 200)


def _place(request: HttpRequest, length: int) -> tuple[int, int]:
    """Where a piece begins, of how many bytes; without Content-Range it is all."""
    header = request.headers.get("Content-Range")
    if header is None:
        first, last, size = 0, length - 1, length
    else:
        found = CONTENT_RANGE.fullmatch(header.strip())
        if found is None:
            raise DomainError(_("The range of the piece is not valid."), code="format")
        first, last, size = (int(part) for part in found.groups())
    if last - first + 1 != length or not length or last >= size:
        raise _misfit()
    return first, size


def _misfit() -> DomainError:
    return DomainError(_("The piece does not fit the file."), code="range")


blob = resource(GET=_get, PUT=_put)
