"""What the script of the backups reports."""

import hashlib
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.aggregation.catalogue.models import Backup
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.clock import now
from platform_core.common.errors import DomainError


@transaction.atomic
def note(
    *,
    kind: str,
    place: str = "",
    ok: bool = True,
    seconds: int | None = None,
    text: str = "",
    by: Actor = None,
) -> Backup:
    """Write down a backup; of a file that lies here with its size and digest."""
    path = Path(place) if place else None
    here = path is not None and path.is_file()
    if ok and path is not None and path.is_absolute() and not here:
        raise DomainError(_("There is no such file."), fields={"place": place})
    made = Backup.objects.create(
        kind=kind,
        place=place[:300],
        ok=ok,
        size=path.stat().st_size if here and path else 0,
        sha256=digest(path) if here and path else "",
        seconds=seconds,
        note=text[:300],
    )
    data = {"kind": kind, "ok": ok, "place": place, "size": made.size}
    audit.record("catalogue.backup_noted", made, by=by, data=data)
    return made


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@transaction.atomic
def restored(*, backup: Backup, by: Actor, note: str) -> Backup:
    """Somebody has restored it for a test, and it was good."""
    backup.tested_at, backup.note = now(), note[:300] or backup.note
    backup.save(update_fields=["tested_at", "note"])
    audit.record("catalogue.backup_tested", backup, by=by, data={"note": note})
    return backup
