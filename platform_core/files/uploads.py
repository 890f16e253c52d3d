"""Files in pieces: begun once, resumed at any byte, checked whole, then kept."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError

from . import services
from .models import PartialUpload

KEPT = timedelta(days=1)
BLOCK = 1024 * 1024


def begin(*, uid: UUID, by: Any, name: str, size: int, sha256: str) -> PartialUpload:
    """The upload under this uid, made if need be; the sender goes on at `received`."""
    if not 0 < size <= settings.FILE_MAX_BYTES:
        limit = settings.FILE_MAX_BYTES // 2**20
        text = _("The file is larger than %(size)d MB.") % {"size": limit}
        raise DomainError(text, code="file_size", fields={"size": text})
    told = {"name": name[:150], "size": size, "sha256": sha256.lower()}
    found, _made = PartialUpload.objects.get_or_create(
        uid=uid, defaults={"by": by, **told}
    )
    if found.by_id != by.pk or (found.size, found.sha256) != (size, told["sha256"]):
        raise Conflict(_("Another file has this number."), code="upload_other")
    return found


@transaction.atomic
def add(*, upload: PartialUpload, offset: int, piece: bytes) -> PartialUpload:
    """Take the next piece; a piece that does not fit says where to go on.

    Raises Conflict for a wrong offset, DomainError where the whole is not what was
    announced: the upload then begins anew.
    """
    upload = PartialUpload.objects.select_for_update().get(pk=upload.pk)
    if upload.is_complete:
        return upload
    if offset != upload.received:
        text = _("Go on at byte %(offset)d.") % {"offset": upload.received}
        raise Conflict(text, code="upload_offset")
    if offset + len(piece) > upload.size:
        raise DomainError(_("The file is larger than announced."), code="file_size")
    _write(path_of(upload), offset, piece)
    upload.received += len(piece)
    upload.touched_at = now()
    if upload.received == upload.size:
        _complete(upload)
    upload.save()
    return upload


def path_of(upload: PartialUpload) -> Path:
    """Where the pieces are gathered."""
    return Path(settings.FILES_ROOT) / "partial" / str(upload.uid)


def _write(path: Path, offset: int, piece: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("r+b" if path.exists() else "wb") as stream:
        stream.seek(offset)
        stream.write(piece)
        stream.truncate()


def _complete(upload: PartialUpload) -> None:
    """Check the whole and keep it like any upload; begin anew if it is wrong."""
    path = path_of(upload)
    if _digest(path) != upload.sha256:
        upload.received = 0
        return
    with path.open("rb") as stream:
        upload.attachment = services.store(File(stream, upload.name), by=upload.by)
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            found.update(block)
    return found.hexdigest()


def prune() -> int:
    """Forget uploads that nobody went on with for a day; how many."""
    old = PartialUpload.objects.filter(touched_at__lt=now() - KEPT)
    left = list(old[:500])
    for upload in left:
        path_of(upload).unlink(missing_ok=True)
        upload.delete()
    return len(left)
