"""Writing the audit log and sealing it."""

import json
import logging
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from platform_core.common.clock import now
from platform_core.common.models import own_node

from .chain import Fault, digest, first_fault
from .models import ZERO_HASH, AuditEntry, AuditHead

log = logging.getLogger(__name__)

Actor = AbstractBaseUser | AnonymousUser | None
BATCH = 1000


def record(
    type: str,
    obj: models.Model | None = None,
    *,
    by: Actor = None,
    data: dict[str, Any] | None = None,
    node: str = "",
) -> AuditEntry:
    """Note an event in the caller's transaction; one INSERT, sealed later."""
    return AuditEntry.objects.create(
        type=type,
        node=node or own_node(),
        actor_id=by.pk if by is not None else None,
        actor_name=_name(by)[:150],
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        object_label=str(obj)[:200] if obj is not None else "",
        data=_plain(data or {}),
    )


def _name(by: Actor) -> str:
    if by is None or by.pk is None:
        return ""
    return getattr(by, "full_name", "") or by.get_username()


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """What JSON makes of it: times, numbers and lazy texts as they will be read."""
    plain: dict[str, Any] = json.loads(json.dumps(data, cls=DjangoJSONEncoder))
    return plain


def seal(limit: int = 100_000) -> int:
    """Number and chain the committed rows that wait for it; how many."""
    count = 0
    while count < limit:
        done = _seal_batch(min(BATCH, limit - count))
        count += done
        if done < BATCH:
            break
    return count


@transaction.atomic
def _seal_batch(size: int) -> int:
    AuditHead.objects.get_or_create(pk=1)
    head = AuditHead.objects.select_for_update(of=("self",)).get(pk=1)
    waiting = list(AuditEntry.objects.waiting()[:size])
    if not waiting:
        return 0
    for entry in waiting:
        entry.previous_hash = head.hash
        entry.seq = head.seq + 1
        entry.hash = digest(entry, entry.seq, entry.previous_hash)
        head.seq, head.hash = entry.seq, entry.hash
    _write_seals(waiting)
    head.sealed_at = now()
    head.save()
    log.info("audit sealed up to %s with %s", head.seq, head.hash)
    return len(waiting)


def _write_seals(entries: list[AuditEntry]) -> None:
    """One prepared statement for all rows: the write lock is held briefly."""
    table = connection.ops.quote_name(AuditEntry._meta.db_table)
    sql = "UPDATE {} SET seq = %s, previous_hash = %s, hash = %s WHERE id = %s"
    rows = [(one.seq, one.previous_hash, one.hash, one.pk) for one in entries]
    with connection.cursor() as cursor:
        cursor.executemany(sql.format(table), rows)


def verify() -> tuple[int, Fault | None]:
    """Seal what waits, then walk the whole chain; rows that fit, first fault."""
    seal()
    head = AuditHead.objects.filter(pk=1).first() or AuditHead(seq=0, hash=ZERO_HASH)
    rows = AuditEntry.objects.sealed().iterator(chunk_size=2000)
    return first_fault(rows, head)
