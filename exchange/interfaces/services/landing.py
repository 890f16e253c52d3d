"""Landing rows: in chunks, however many, safe to run twice."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.interfaces.enums import CHUNK, RowState, SourceKind
from exchange.interfaces.models import Batch, Row, Table
from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.common.errors import DomainError
from platform_core.common.ids import uuid7
from platform_core.common.models import own_node
from platform_core.files import services as files
from platform_core.files.models import Attachment

from .writing import put

Content = Mapping[str, Any]
KeyOf = Callable[[Content], str]
RECORDS = UUID("5f0d6a0e-54c6-5e0f-9f4c-6d1f6f6b7a11")


def land(
    *,
    table: Table,
    rows: Iterable[Content],
    source: str,
    by: Any = None,
    file: Attachment | None = None,
    origin: str | None = None,
    kind: str = "",
    key: str = "",
    key_of: KeyOf | None = None,
) -> Batch:
    """Keep rows as they came; the newest of each key becomes the current one.

    `key` names the batch at its source, without one the hash of the file does.
    The same source and key are the same batch: what broke off goes on where it
    stood, what is there already is not written again. Every chunk is one
    transaction. `key_of` names a record where the key fields of the table do not.
    """
    batch = _open(
        table=table,
        source=source,
        key=key or (file.blob_id if file else str(uuid7())),
        kind=kind or (SourceKind.FILE if file else SourceKind.SYSTEM),
        origin=origin or own_node(),
        by=by,
        file=file,
    )
    if batch.finished_at is None:
        _fill(batch, rows, key_of or namer(table))
        _close(batch, by)
    return batch


def namer(table: Table) -> KeyOf:
    """How the rows of a table are named: by its key fields, else `record_id`."""
    keys = table.keys

    def key_of(content: Content) -> str:
        found = [content.get(name) for name in keys]
        if not found or any(one in (None, "") for one in found):
            found = [content.get("record_id") or ""]
        return "|".join(str(one) for one in found)[:200]

    return key_of


def uid_of(table: Table, origin: str, key: str) -> UUID:
    """The identifier of a record; one without a key is unlike all others."""
    return uuid5(RECORDS, f"{table.code}|{origin}|{key}") if key else uuid7()


@transaction.atomic
def _open(*, table: Table, file: Attachment | None, by: Any, **facts: Any) -> Batch:
    found, made = Batch.objects.get_or_create(
        table=table,
        source=facts.pop("source")[:120],
        key=facts.pop("key")[:100],
        defaults={
            **facts,
            "by": by,
            "version": table.version,
            "sha256": file.blob_id if file else "",
        },
    )
    if made and file is not None:
        files.attach([files.again(file, by=by)], found)
    return found


def _fill(batch: Batch, rows: Iterable[Content], key_of: KeyOf) -> None:
    done, lines = batch.count, iter(rows)
    next(islice(lines, done, done), None)
    for chunk in _chunks(lines):
        done = _write(batch, done, chunk, key_of)


def _chunks(rows: Iterator[Content]) -> Iterator[list[Content]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


@transaction.atomic
def _write(batch: Batch, done: int, chunk: list[Content], key_of: KeyOf) -> int:
    # Landings of one table wait for one another: one revision is the newest.
    Table.objects.select_for_update().get(pk=batch.table_id)
    stored = Batch.objects.select_for_update().get(pk=batch.pk)
    if stored.count != done:
        raise DomainError(_("This batch is being landed already."))
    moment = now()
    made = [
        _row(batch, line, content, key_of(content), moment)
        for line, content in enumerate(chunk, done + 1)
    ]
    supersede(batch.table, made)
    put(made)
    batch.count = stored.count = done + len(made)
    stored.save(update_fields=["count"])
    return batch.count


def _row(batch: Batch, line: int, content: Content, key: str, moment: Any) -> Row:
    return Row(
        table=batch.table,
        batch=batch,
        line=line,
        origin=batch.origin,
        key=key,
        uid=uid_of(batch.table, batch.origin, key),
        content=dict(content),
        landed_at=moment,
    )


def supersede(table: Table, made: Sequence[Row]) -> None:
    """Count revisions; what was the newest until now is so no longer."""
    present = Row.objects.filter(
        table=table, current=True, uid__in={one.uid for one in made if one.key}
    )
    newest = dict(present.values_list("uid", "revision"))
    if newest:
        present.update(current=False)
    last: dict[UUID, Row] = {}
    for one in made:
        earlier = last.get(one.uid)
        if earlier is not None:
            earlier.current = False
        one.revision = newest[one.uid] = newest.get(one.uid, 0) + 1
        last[one.uid] = one


@transaction.atomic
def _close(batch: Batch, by: Any) -> None:
    batch.finished_at = now()
    batch.save(update_fields=["finished_at"])
    about = {
        "table": batch.table.code,
        "source": batch.source_name,
        "rows": batch.count,
    }
    audit.record("interfaces.batch_landed", batch, by=by, data=about)


def mark(*, rows: Iterable[int], state: RowState) -> int:
    """Say what became of rows, by primary key; how many there were."""
    keys, marked = iter(rows), 0
    while chunk := list(islice(keys, CHUNK)):
        marked += Row.objects.filter(pk__in=chunk).update(state=state)
    return marked
