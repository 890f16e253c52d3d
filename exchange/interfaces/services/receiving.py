"""Records of other platforms land like all others, under their origin's revision."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from exchange.interfaces.enums import RowState, SourceKind
from exchange.interfaces.models import Batch, Row, Table
from platform_core.common import bulk
from platform_core.common.clock import now, today
from platform_core.common.errors import DomainError, NotOrigin
from platform_core.common.models import own_node
from platform_core.datasets.registry import IncomingRecord, Outcome

from .landing import namer
from .writing import NUL, storable_text


def apply(record: IncomingRecord) -> Outcome:
    """Keep a record of another platform; only its origin may change it."""
    return apply_many([record])[0]


def apply_many(records: Sequence[IncomingRecord]) -> list[Outcome]:
    """Keep records of one origin and interface, each another one; all or none."""
    if not records:
        return []
    table = _table(records[0].interface)
    newest = _newest(table, records)
    fresh = [one for one in records if _is_new(newest.get(one.uid), one)]
    Row.objects.filter(
        pk__in=[newest[one.uid].pk for one in fresh if one.uid in newest]
    ).update(current=False)
    _insert(table, fresh)
    new = {one.uid for one in fresh}
    return [Outcome.APPLIED if r.uid in new else Outcome.UNCHANGED for r in records]


def _table(interface: str) -> Table:
    code = interface.partition(".")[2]
    found = Table.objects.select_related("current").filter(code=code).first()
    if found is None:
        text = _("This interface is not known here.")
        raise DomainError(text, code="unknown_interface")
    return found


def _newest(table: Table, records: Sequence[IncomingRecord]) -> dict[UUID, Row]:
    """What counts now of these records, held against other writers."""
    rows = Row.objects.select_for_update().filter(
        table=table, uid__among=[one.uid for one in records], current=True
    )
    return {row.uid: row for row in rows.order_by("pk").defer("content")}


def _is_new(newest: Row | None, record: IncomingRecord) -> bool:
    """Is this newer than what is here?  [NotOrigin]"""
    strange = newest is not None and newest.origin != record.origin
    if strange or record.origin == own_node():
        raise NotOrigin(_("Only the origin of a record may announce it."))
    return newest is None or newest.revision < record.revision


def _insert(table: Table, records: Sequence[IncomingRecord]) -> None:
    """Write their rows, value by value."""
    if not records:
        return
    batch, key_of = _batch(table, records), namer(table)
    first = batch.count - len(records) + 1
    same = {
        "table_id": table.pk,
        "batch_id": batch.pk,
        "origin": records[0].origin,
        "landed_at": now(),
        "current": True,
        "state": RowState.LANDED,
    }
    rows = (
        (
            record.uid,
            record.revision,
            line,
            key_of(record.data).replace("\0", NUL),
            storable_text(record.data, record.text),
            record.withdrawn,
        )
        for line, record in enumerate(records, first)
    )
    bulk.insert(Row, rows, **same)


def _batch(table: Table, records: Sequence[IncomingRecord]) -> Batch:
    """What comes from one origin on a day is one batch."""
    moment, first = now(), records[0]
    batch, _made = Batch.objects.get_or_create(
        table=table,
        source=first.origin,
        key=today().isoformat(),
        defaults={
            "kind": SourceKind.EXCHANGE,
            "origin": first.origin,
            "version": first.version,
            "finished_at": moment,
        },
    )
    more = F("count") + len(records)
    Batch.objects.filter(pk=batch.pk).update(count=more, finished_at=moment)
    batch.refresh_from_db(fields=["count"])
    return batch
