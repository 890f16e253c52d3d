"""Files that records name: noted when a record travels, then brought over."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from exchange.delivery import network, pieces
from exchange.delivery.enums import PeerState, TransferState, TransferWay
from exchange.delivery.models import BlobGrant, BlobTransfer, Parcel, Peer
from platform_core.common.clock import now
from platform_core.common.errors import DomainError
from platform_core.files import services as files

from . import early
from .line import pause_after

log = structlog.get_logger(__name__)
SHA256 = re.compile(r"[0-9a-f]{64}")
LEASE = timedelta(seconds=120)
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Named:
    """A file as a record names it."""

    sha256: str
    size: int
    name: str


def named(value: Any) -> Iterator[Named]:
    """Every file in the data of a record, however deep."""
    if isinstance(value, list):
        for item in value:
            yield from named(item)
    elif isinstance(value, dict):
        sha256, size = value.get("sha256"), value.get("size")
        if isinstance(sha256, str) and SHA256.fullmatch(sha256):
            if type(size) is int and size > 0:
                yield Named(sha256, size, str(value.get("name") or "")[:255])
            return
        for item in value.values():
            yield from named(item)


def expect(peer: Peer, found: Iterable[Named]) -> None:
    """Files of records that were taken: those not here yet are to be brought."""
    wanted = {one.sha256: one for one in found}
    if not wanted:
        return
    here = files.held(wanted)
    rows = [
        _transfer(peer, one, TransferWay.FETCH)
        for one in wanted.values()
        if one.sha256 not in here
    ]
    BlobTransfer.objects.bulk_create(rows, ignore_conflicts=True)
    for row in early.take_out(peer, wanted):
        _claim(row)


def _claim(early_one: BlobTransfer) -> None:
    """Take a file in that lies here already, if it is what the record names."""
    row = awaited(early_one.peer, early_one.sha256)
    if row is None or row.state != TransferState.WAITING:
        pieces.drop(early_one)
    elif early_one.state == TransferState.DONE:
        if pieces.have(row) == row.size:
            complete(row)
        else:
            pieces.drop(early_one)


def _transfer(peer: Peer, one: Named, way: TransferWay) -> BlobTransfer:
    row = BlobTransfer(
        peer=peer, sha256=one.sha256, size=one.size, name=one.name, way=way
    )
    if one.size > settings.FILE_MAX_BYTES:
        row.state, row.finished_at = TransferState.REFUSED, now()
        row.error = _("The file is larger than files may be here.")
    return row


def grant(peer: Peer, parcels: Iterable[Parcel]) -> None:
    """Let a peer have the files of the records that it is sent just now."""
    texts = (parcel.group.records for parcel in parcels)
    grant_records(peer, (json.loads(text) for text in texts if '"sha256"' in text))


def grant_records(peer: Peer, records: Iterable[Any]) -> None:
    """Let a peer have the files that these records name."""
    found = {one.sha256: one for record in records for one in named(record)}
    if not found:
        return
    grants = [BlobGrant(peer=peer, sha256=sha256) for sha256 in found]
    BlobGrant.objects.bulk_create(grants, ignore_conflicts=True)
    if not settings.NODE_URL:
        # Nobody can call this platform, so it brings its files itself.
        rows = [_transfer(peer, one, TransferWay.PUSH) for one in found.values()]
        BlobTransfer.objects.bulk_create(rows, ignore_conflicts=True)


def may_have(peer: Peer, sha256: str) -> bool:
    """Does the peer hold a record of ours that names the content?"""
    return BlobGrant.objects.filter(peer=peer, sha256=sha256).exists()


def awaited(peer: Peer, sha256: str) -> BlobTransfer | None:
    """The file that a record of this peer named, to be brought over."""
    return BlobTransfer.objects.filter(
        peer=peer, sha256=sha256, way=TransferWay.FETCH
    ).first()


def due() -> list[int]:
    """Files whose turn it is."""
    found = BlobTransfer.objects.filter(
        state=TransferState.WAITING, due_at__lte=now(), peer__state=PeerState.ENABLED
    ).exclude(peer__url="")
    found = found.exclude(way=TransferWay.EARLY)
    return list(found.order_by("due_at").values_list("pk", flat=True)[:AT_ONCE])


def run(pk: int) -> bool:
    """Bring one file over, as far as the line allows; True when it is there."""
    free = BlobTransfer.objects.filter(
        pk=pk, state=TransferState.WAITING, due_at__lte=now()
    )
    if not free.update(due_at=now() + LEASE):
        return False
    row = BlobTransfer.objects.select_related("peer").get(pk=pk)
    try:
        fetch(row) if row.way == TransferWay.FETCH else push(row)
    except DomainError as error:
        _again(row, str(error.message))
        return False
    return row.state == TransferState.DONE


def fetch(row: BlobTransfer) -> None:
    """Get a file piece by piece, from where the last attempt ended."""
    if row.sha256 in files.held([row.sha256]):
        finish(row)
        return
    while row.state == TransferState.WAITING:
        offset = pieces.have(row)
        last = min(offset + pieces.PIECE, row.size) - 1
        answer = _ask(row, "GET", b"", {"Range": f"bytes={offset}-{last}"})
        if answer.status_code != 206 or not answer.content:
            raise DomainError(_reason(answer))
        take(row, offset, answer.content)


def take(row: BlobTransfer, offset: int, piece: bytes) -> None:
    """Add a piece; with the last one the whole is checked and kept."""
    row.received = pieces.add(row, offset, piece)
    row.save(update_fields=["received"])
    if row.received == row.size:
        complete(row)


def complete(row: BlobTransfer) -> None:
    """All pieces are here: what was brought before its record waits for that."""
    content = pieces.whole(row)
    if pieces.digest(content) != row.sha256:
        pieces.drop(row)
        row.received = 0
        raise DomainError(_("The content is not what its name says."), code="format")
    if row.way == TransferWay.EARLY:
        finish(row)
        return
    try:
        files.keep(content)
    except DomainError as error:
        _refuse(row, str(error.message))
    else:
        # Who has brought a content may have it again.
        BlobGrant.objects.get_or_create(peer=row.peer, sha256=row.sha256)
        finish(row)
    pieces.drop(row)


def is_awaited(peer: Peer, sha256: str) -> bool:
    """Is the file still to come?"""
    row = awaited(peer, sha256)
    return row is not None and row.state == TransferState.WAITING


def carried(peer: Peer, sha256: str, content: bytes) -> bool:
    """Keep a file that came by hand, where a record of this peer named it."""
    row = awaited(peer, sha256)
    if row is None or row.state != TransferState.WAITING:
        return False
    try:
        files.keep(content)
    except DomainError as error:
        _refuse(row, str(error.message))
        return False
    finish(row)
    return True


def push(row: BlobTransfer) -> None:
    """Bring a file to a peer that cannot fetch it here."""
    content = files.content(row.sha256)
    if content is None:
        raise DomainError(_("The file is not here (yet)."))
    offset = row.received
    while row.state == TransferState.WAITING:
        piece = content[offset : offset + pieces.PIECE]
        span = f"bytes {offset}-{offset + len(piece) - 1}/{len(content)}"
        answer = _ask(row, "PUT", piece, {"Content-Range": span})
        offset = _went_on(answer, offset)
        row.received = min(offset, row.size)
        row.save(update_fields=["received"])
        if answer.status_code == 201:
            finish(row)


def _went_on(answer: httpx.Response, offset: int) -> int:
    """Where to go on after an answer to a piece; DomainError where it stops."""
    if answer.status_code not in {200, 201, 409}:
        raise DomainError(_reason(answer))
    try:
        received = int(answer.json()["received"])
    except (ValueError, KeyError, TypeError) as error:
        raise DomainError(_("The answer is none of the protocol.")) from error
    if answer.status_code != 201 and received == offset:
        raise DomainError(_("The file does not get on."))
    return received


def _ask(
    row: BlobTransfer, method: str, body: bytes, headers: dict[str, str]
) -> httpx.Response:
    given = headers | {"Accept-Encoding": "identity"}
    if body:
        given["Content-Type"] = "application/octet-stream"
    path = f"blobs/{row.sha256}"
    return network.send(row.peer.url, method, path, body, headers=given)


def _reason(answer: httpx.Response) -> str:
    return f"{answer.status_code} {answer.text[:200]}"


def finish(row: BlobTransfer) -> None:
    """The file is there."""
    row.state, row.received, row.error = TransferState.DONE, row.size, ""
    row.finished_at = now()
    row.save()
    log.info("exchange.file_arrived", sha256=row.sha256, way=row.way)


def _refuse(row: BlobTransfer, reason: str) -> None:
    row.state, row.error, row.finished_at = TransferState.REFUSED, reason[:300], now()
    row.save()


def _again(row: BlobTransfer, reason: str) -> None:
    """Try later, ever more slowly, but never give up."""
    row.tries += 1
    row.error = reason[:300]
    row.due_at = now() + timedelta(seconds=pause_after(row.tries))
    row.save()
