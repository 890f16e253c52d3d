"""Life of the tables: define, change, review, publish, deprecate, withdraw.

[DX-02, DX-13, DX-14]
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from jsonschema.exceptions import SchemaError

from exchange.interfaces import hooks
from exchange.interfaces.enums import Kind, Life
from exchange.interfaces.models import CodeList, Field, Table, TableVersion
from platform_core.audit import services as audit
from platform_core.common.clock import now, today
from platform_core.common.errors import Conflict, DomainError
from platform_core.datasets import schema as schemas

OPEN = (Life.DRAFT, Life.REVIEWING)
COPIED = [
    field.name
    for field in Field._meta.concrete_fields
    if field.name not in ("id", "version")
]


@transaction.atomic
def define(*, by: Any, code: str, **facts: Any) -> Table:
    """A table of one's own, with an empty first draft."""
    if Table.objects.filter(code=code).exists():
        text = _("There is a table with this code.")
        raise Conflict(text, fields={"code": text})
    table = Table.objects.create(code=code, filled=False, **facts)
    version = TableVersion.objects.create(table=table, number=1, made_by=by)
    table.current = version
    table.save(update_fields=["current"])
    audit.record("interfaces.table_defined", table, by=by)
    return table


@transaction.atomic
def describe(*, table: Table, by: Any, **facts: Any) -> Table:
    """Change what is said about a table; its fields are a matter of versions."""
    row = Table.objects.select_for_update(of=("self",)).get(pk=table.pk)
    before = {name: getattr(row, name) for name in facts}
    for name, value in facts.items():
        setattr(row, name, value)
    row.touch()
    row.save()
    changed = {n: [before[n], v] for n, v in facts.items() if before[n] != v}
    audit.record("interfaces.table_described", row, by=by, data=changed)
    return row


@transaction.atomic
def draft(*, table: Table, by: Any, note: str = "") -> TableVersion:
    """A new version to work on, with the fields of the one that counts."""
    row = Table.objects.select_for_update(of=("self",)).get(pk=table.pk)
    if row.versions.filter(state__in=OPEN).exists():
        raise Conflict(_("There is a draft of this table already."))
    highest = row.versions.aggregate(highest=Max("number"))["highest"] or 0
    made = TableVersion.objects.create(
        table=row, number=highest + 1, note=note, made_by=by
    )
    Field.objects.bulk_create(
        Field(version=made, **{name: getattr(one, name) for name in COPIED})
        for one in row.fields
    )
    if row.current is None:
        row.current = made
        row.save(update_fields=["current"])
    audit.record("interfaces.version_drafted", made, by=by, data={"note": note})
    return made


def _locked(version: TableVersion, *states: Life) -> TableVersion:
    # The table first: whoever changes one of its versions waits here.
    Table.objects.select_for_update(of=("self",)).get(pk=version.table.pk)
    row = TableVersion.objects.select_related("table").get(pk=version.pk)
    if row.state not in states:
        raise Conflict(_("This version is no longer in that state."))
    return row


@transaction.atomic
def put_field(
    *,
    version: TableVersion,
    by: Any,
    facts: Mapping[str, Any],
    field: Field | None = None,
) -> Field:
    """Add a field to a draft, or change one of it."""
    row = _locked(version, Life.DRAFT)
    same = row.fields.filter(code=facts["code"])
    if field is not None:
        same = same.exclude(pk=field.pk)
    if same.exists():
        text = _("There is a field with this code.")
        raise Conflict(text, fields={"code": text})
    one = field or Field(version=row, place=_next_place(row))
    for name, value in facts.items():
        setattr(one, name, value)
    _check_field(one)
    one.save()
    event = "interfaces.field_changed" if field else "interfaces.field_added"
    audit.record(event, row, by=by, data={"field": one.code})
    return one


def _next_place(version: TableVersion) -> int:
    highest = version.fields.aggregate(highest=Max("place"))["highest"] or 0
    return int(highest) + 1


def _check_field(field: Field) -> None:
    if field.kind == Kind.CODE and not field.code_list:
        text = _("Which code list has the values?")
        raise DomainError(text, fields={"code_list": text})
    if field.decimals and field.length and field.decimals > field.length:
        text = _("There cannot be more decimals than digits.")
        raise DomainError(text, fields={"decimals": text})


@transaction.atomic
def remove_field(*, field: Field, by: Any) -> None:
    """Take a field out of a draft."""
    row = _locked(field.version, Life.DRAFT)
    audit.record("interfaces.field_removed", row, by=by, data={"field": field.code})
    field.delete()


@transaction.atomic
def submit(*, version: TableVersion, by: Any) -> TableVersion:
    """Have a draft reviewed."""
    row = _locked(version, Life.DRAFT)
    _check(row)
    row.state = Life.REVIEWING
    return _keep(row, "interfaces.version_submitted", by)


@transaction.atomic
def send_back(*, version: TableVersion, by: Any, reason: str) -> TableVersion:
    """The reviewer wants changes."""
    row = _locked(version, Life.REVIEWING)
    row.state, row.reason = Life.DRAFT, reason
    return _keep(row, "interfaces.version_returned", by, reason=reason)


@transaction.atomic
def publish(
    *, version: TableVersion, by: Any, earlier_until: date | None = None
) -> TableVersion:
    """Offer a version to others; earlier ones are deprecated and end on that day."""
    row = _locked(version, Life.REVIEWING)
    _check(row)
    row.stored_schema = row.made_schema()
    row.state, row.published_at, row.reason = Life.PUBLISHED, now(), ""
    _keep(row, "interfaces.version_published", by)
    table = row.table
    table.current = row
    table.save(update_fields=["current"])
    for old in table.versions.filter(state=Life.PUBLISHED).exclude(pk=row.pk):
        reason = _("Version %(number)s was published.") % {"number": row.number}
        deprecate(version=old, by=by, ends_on=earlier_until, reason=reason)
    return row


def _check(version: TableVersion) -> None:
    """A version to be offered has fields, known lists and a sound schema."""
    fields = list(version.fields.all())
    if not fields:
        raise DomainError(_("A table needs fields."))
    wanted = {one.code_list for one in fields if one.kind == Kind.CODE}
    known = CodeList.objects.filter(code__in=wanted).values_list("code", flat=True)
    strange = sorted(wanted - set(known))
    if strange:
        text = _("There is no code list %(name)s.") % {"name": strange[0]}
        raise DomainError(text)
    try:
        schemas.validator(version.made_schema())
    except SchemaError as error:
        raise DomainError(error.message) from error


@transaction.atomic
def deprecate(
    *, version: TableVersion, by: Any, reason: str, ends_on: date | None = None
) -> TableVersion:
    """Announce the end of a version; its subscribers are told."""
    row = _locked(version, Life.PUBLISHED, Life.DEPRECATED)
    if ends_on and ends_on < today():
        text = _("The end lies in the past.")
        raise DomainError(text, fields={"ends_on": text})
    row.state, row.ends_on, row.reason = Life.DEPRECATED, ends_on, reason[:300]
    if ends_on:
        hooks.end(row.table.interface, row.number, ends_on, row.reason)
    about = {"ends_on": ends_on, "reason": row.reason}
    return _keep(row, "interfaces.version_deprecated", by, **about)


@transaction.atomic
def withdraw(*, version: TableVersion, by: Any, reason: str) -> TableVersion:
    """Take a version out of use; nothing more is taken in or given out under it."""
    row = _locked(version, *OPEN, Life.PUBLISHED, Life.DEPRECATED)
    offered = row.state not in OPEN
    row.state, row.reason = Life.WITHDRAWN, reason[:300]
    if offered:
        hooks.end(row.table.interface, row.number, None, row.reason)
    _keep(row, "interfaces.version_withdrawn", by, reason=row.reason)
    return row


def end_overdue() -> int:
    """Withdraw deprecated versions whose last day is over; how many."""
    over = TableVersion.objects.filter(state=Life.DEPRECATED, ends_on__lt=today())
    found = list(over)
    for one in found:
        withdraw(version=one, by=None, reason=one.reason)
    return len(found)


def _keep(row: TableVersion, event: str, by: Any, **data: Any) -> TableVersion:
    row.touch()
    row.save()
    audit.record(event, row, by=by, data=data)
    return row
