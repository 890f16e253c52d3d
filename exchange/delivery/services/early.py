"""Files that a peer brings before the record that names them."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from exchange.delivery import pieces
from exchange.delivery.enums import (
    EARLY_FILES,
    EARLY_HOURS,
    TransferState,
    TransferWay,
)
from exchange.delivery.errors import TooLarge, TooMany
from exchange.delivery.models import BlobTransfer, Peer
from platform_core.common.clock import now

PAUSE = 3_600


def _of(peer: Peer) -> QuerySet[BlobTransfer]:
    return BlobTransfer.objects.filter(peer=peer, way=TransferWay.EARLY)


def begin(peer: Peer, sha256: str, size: int) -> BlobTransfer:
    """The place for a file that no record has named yet; a few may lie there."""
    if size > settings.FILE_MAX_BYTES:
        raise TooLarge(_("The file is larger than files may be here."))
    known = _of(peer).filter(sha256=sha256).first()
    if known is None and _of(peer).count() >= EARLY_FILES:
        text = _("Too many files wait for a record that names them.")
        raise TooMany(text, retry_after=PAUSE)
    row = known or BlobTransfer(peer=peer, sha256=sha256, way=TransferWay.EARLY)
    if row.size != size and row.state == TransferState.WAITING:
        pieces.drop(row)
        row.size, row.received = size, 0
        row.save()
    return row


def take_out(peer: Peer, named: Iterable[str]) -> list[BlobTransfer]:
    """Those of these files that lie here; a record has named them now."""
    found = _of(peer).filter(sha256__in=list(named))
    rows = list(found)
    if rows:
        found.delete()
    return rows


def forget() -> int:
    """Drop what no record has named in a day."""
    old = now() - timedelta(hours=EARLY_HOURS)
    rows = BlobTransfer.objects.filter(way=TransferWay.EARLY, created_at__lt=old)
    for row in rows:
        pieces.drop(row)
    return rows.delete()[0]
