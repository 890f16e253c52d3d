"""Bring checked rows of a census into the table of components, row by row.

The way for databases without COPY; `merging_postgres` does the same in sets.
"""

import json
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from municipal.command.basedata.components import records
from municipal.command.basedata.enums import Change
from municipal.command.basedata.models import PastRevision
from municipal.command.models import Component
from platform_core.accounts.models import User
from platform_core.common import clock

from .batches import CHANGED, UNCHANGED, Outcome, Problem
from .components import UNITS, Batch

PART = 500
JSON = {"geometry", "attributes"}
REMOVED = "removed"


def removed_problem(row: int, code: str) -> Problem:
    """A code that was given up cannot come back with a file."""
    text = _("This component was removed; its code is not used again.")
    return Problem(row, text, "code", code)


def merge(batch: Batch, *, by: User | None, note: str, trial: bool) -> Outcome:
    """Add what is new, change what differs; nothing at all on trial."""
    outcome = Outcome()
    places = iter(range(len(batch)))
    while part := list(islice(places, PART)):
        _merge_part(batch, part, outcome, by=by, note=note, trial=trial)
    return outcome


def _merge_part(
    batch: Batch,
    part: list[int],
    outcome: Outcome,
    *,
    by: User | None,
    note: str,
    trial: bool,
) -> None:
    codes = {batch.columns["code"][place]: place for place in part}
    known = {row.code: row for row in Component.objects.filter(code__in=list(codes))}
    new, changed = [], []
    for code, place in codes.items():
        row, values = known.get(code), _values(batch, place)
        if row is None:
            new.append(Component(code=code, **_all(batch, place), **values))
            continue
        if row.valid_to is not None and values.get("status") != REMOVED:
            outcome.problems.append(removed_problem(batch.rows[place], code))
        elif row.valid_to is not None or not _differs(row, values):
            outcome.unchanged += 1
            outcome.told.append((batch.rows[place], code, UNCHANGED))
        else:
            changed.append((row, values))
            outcome.told.append((batch.rows[place], code, CHANGED))
    outcome.new += len(new)
    outcome.changed += len(changed)
    if not trial:
        Component.objects.bulk_create(new)
        _change(changed, by, note)


def _values(batch: Batch, place: int) -> dict[str, Any]:
    """What the file says about a row, by attribute of the model."""
    found = {}
    for name in batch.given:
        value = batch.columns[name][place]
        if name in JSON and value is not None:
            value = json.loads(value)
        found[f"{name}_id" if name in UNITS else name] = value
    return found


def _all(batch: Batch, place: int) -> dict[str, Any]:
    """What a new row has besides."""
    names = ("class_code", "class_name", "edition", "surveyed_on")
    return {
        name: batch.columns[name][place] for name in names if name not in batch.given
    }


def _differs(row: Component, values: dict[str, Any]) -> bool:
    return any(
        _merged(row, name, value) != getattr(row, name)
        for name, value in values.items()
    )


def _merged(row: Component, name: str, value: Any) -> Any:
    """Further attributes are added to, everything else is replaced."""
    return {**row.attributes, **value} if name == "attributes" else value


def _change(
    changed: list[tuple[Component, dict[str, Any]]], by: User | None, note: str
) -> None:
    moment = clock.now()
    PastRevision.objects.bulk_create(_past(changed, by, note))
    for row, values in changed:
        for name, value in values.items():
            setattr(row, name, _merged(row, name, value))
        row.changed_on = _day(values.get("changed_on"))
        row.revision += 1
        row.updated_at = moment
    if changed:
        names = {*changed[0][1], "changed_on", "revision", "updated_at"}
        Component.objects.bulk_update([row for row, _new in changed], sorted(names))


def _day(given: Any) -> date:
    return given if isinstance(given, date) else clock.today()


def _past(
    changed: list[tuple[Component, dict[str, Any]]], by: User | None, note: str
) -> Iterator[PastRevision]:
    moment = clock.now()
    for row, _values_of_row in changed:
        yield PastRevision(
            component=row,
            number=row.revision,
            values=records.snapshot(row),
            until=moment,
            change=Change.IMPORT,
            by=by,
            note=note,
        )
