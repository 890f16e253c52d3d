"""Records that a source has no longer get a last revision, which says so."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from exchange.interfaces.enums import CHUNK, SourceKind
from exchange.interfaces.models import Batch, Row, Table
from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.common.models import own_node

from .writing import put


def withdraw_gone(*, table: Table, source: str, kept: str, key: str, by: Any) -> int:
    """Withdraw records of a source that are in no batch whose number begins so."""
    batch, _made = Batch.objects.get_or_create(
        table=table,
        source=source[:120],
        key=key[:100],
        defaults={
            "kind": SourceKind.CONNECTOR,
            "version": table.version,
            "by": by,
            "finished_at": now(),
        },
    )
    gone = Row.objects.filter(
        table=table,
        current=True,
        withdrawn=False,
        origin=own_node(),
        batch__source=batch.source,
    ).exclude(batch__key__startswith=kept)
    while rows := list(gone.order_by("pk")[:CHUNK]):
        _withdraw(batch, rows)
    data = {"table": table.code, "source": source, "rows": batch.count}
    audit.record("interfaces.rows_withdrawn", batch, by=by, data=data)
    return batch.count


@transaction.atomic
def _withdraw(batch: Batch, rows: Iterable[Row]) -> None:
    Table.objects.select_for_update().get(pk=batch.table_id)
    keys = [row.pk for row in rows]
    # What came again meanwhile stays.
    known = Row.objects.select_for_update().filter(pk__in=keys, current=True)
    found = list(known.order_by("pk"))
    Row.objects.filter(pk__in=[row.pk for row in found]).update(current=False)
    moment = now()
    put([_last(batch, row, line, moment) for line, row in enumerate(found, 1)])
    batch.count += len(found)
    batch.save(update_fields=["count"])


def _last(batch: Batch, row: Row, line: int, moment: Any) -> Row:
    return Row(
        table=batch.table,
        batch=batch,
        line=batch.count + line,
        origin=row.origin,
        key=row.key,
        uid=row.uid,
        revision=row.revision + 1,
        content=row.content,
        withdrawn=True,
        landed_at=moment,
    )
