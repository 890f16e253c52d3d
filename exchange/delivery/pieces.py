"""A file that arrives in pieces, gathered on disk for each peer by itself."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, DomainError

from .models import BlobTransfer

# Together with its envelope a piece fits into the limit of a request.
PIECE = 4_000_000


class WrongOffset(Conflict):
    """The piece does not begin where the last one ended."""

    def __init__(self, received: int) -> None:
        text = _("Go on at byte %(offset)d.") % {"offset": received}
        super().__init__(text, code="range", fields={"offset": str(received)})
        self.received = received


def path_of(row: BlobTransfer) -> Path:
    """Where the pieces of a file are gathered."""
    return Path(settings.FILES_ROOT) / "partial" / f"{row.sha256}-{row.peer_id}"


def have(row: BlobTransfer) -> int:
    """How many bytes are here."""
    try:
        return path_of(row).stat().st_size
    except FileNotFoundError:
        return 0


def add(row: BlobTransfer, offset: int, piece: bytes) -> int:
    """Write a piece behind the others; how many bytes are here now."""
    here = have(row)
    if offset != here:
        raise WrongOffset(here)
    if offset + len(piece) > row.size:
        raise DomainError(_("The file is larger than announced."), code="too_large")
    path = path_of(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as stream:
        stream.write(piece)
    return here + len(piece)


def whole(row: BlobTransfer) -> bytes:
    """All pieces together."""
    return path_of(row).read_bytes()


def digest(content: bytes) -> str:
    """The name of a content."""
    return hashlib.sha256(content).hexdigest()


def drop(row: BlobTransfer) -> None:
    """Forget the pieces."""
    path_of(row).unlink(missing_ok=True)
