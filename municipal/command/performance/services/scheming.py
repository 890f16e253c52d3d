"""Schemes and the timetable: ship, draft, change, preview, publish, discard."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from municipal.command.performance import counting, documents, timetables
from municipal.command.performance.enums import VersionState
from municipal.command.performance.models import Scheme, Timetable
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError

DATA = Path(__file__).parent.parent / "data"
FROM_THE_BEGINNING = date(2000, 1, 1)


def _data(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@transaction.atomic
def ship() -> str:
    """Publish the defaults where a city has none; what it made stays."""
    have = set(Scheme.objects.values_list("code", flat=True))
    for given in _data("schemes.json"):
        if given["code"] not in have:
            _ship_scheme(given)
    if not Timetable.objects.exists():
        row = Timetable(version=1, body=_data("timetable.json"))
        _stamp(row, by=None)
    return f"{Scheme.objects.count()} evaluation schemes"


def _ship_scheme(given: dict[str, Any]) -> None:
    draft = given.pop("draft", False)
    row = Scheme(version=1, **given)
    if draft:
        row.save()
        return
    row.effective_from = FROM_THE_BEGINNING
    _stamp(row, by=None)


def rates(kinds: Iterable[str]) -> list[dict[str, Any]]:
    """Rates of the dictionary that are counted for these kinds of objects."""
    known = counting.names(kinds)
    found = []
    for row in _data("rates.json"):
        formula = documents.formula(row["above"]) + documents.formula(row["below"])
        if all(name in known for _sign, name in formula):
            found.append(row)
    return found


# Schemes ------------------------------------------------------------------------


@transaction.atomic
def create_draft(*, scheme: Scheme, by: User) -> Scheme:
    """A draft of the next version, copied from this one."""
    if Scheme.objects.filter(code=scheme.code, status=VersionState.DRAFT).exists():
        raise Conflict(_("There is a draft already."))
    draft = Scheme.objects.create(
        code=scheme.code,
        name=scheme.name,
        name_en=scheme.name_en,
        kinds=scheme.kinds,
        body=scheme.body,
        version=_next_version(scheme.code),
    )
    audit.record("scheme.drafted", draft, by=by, data={"copied": scheme.version})
    return draft


@transaction.atomic
def save_draft(
    *, draft: Scheme, body: Mapping[str, Any], note: str | None = None, by: User
) -> Scheme:
    """Keep a draft as it is; what is still wrong is told when it is published."""
    row: Scheme = _locked_draft(draft)
    documents.plan(body)
    changed = [name for name in body if row.body.get(name) != body[name]]
    row.body = dict(body)
    row.note = row.note if note is None else note
    row.touch()
    row.save()
    audit.record("scheme.edited", row, by=by, data={"changed": changed})
    return row


def problems_of(scheme: Scheme) -> list[str]:
    """What keeps a draft from being published."""
    return documents.problems(scheme.body, counting.names(scheme.kinds))


@transaction.atomic
def publish(*, draft: Scheme, effective_from: date, by: User) -> Scheme:
    """Put a draft in force from a day on; runs over days before it keep theirs."""
    row: Scheme = _locked_draft(draft)
    problems = problems_of(row)
    if problems:
        raise DomainError(" ".join(problems))
    others = Scheme.objects.filter(code=row.code, status=VersionState.PUBLISHED)
    if others.filter(effective_from__gte=effective_from).exists():
        text = _("A published version begins on this day or later.")
        raise Conflict(text, fields={"effective_from": text})
    row.effective_from = effective_from
    _stamp(row, by=by)
    retire_due()
    audit.record("scheme.published", row, by=by, data={"body": row.body})
    return row


@transaction.atomic
def discard(*, draft: Scheme, by: User) -> None:
    """Throw a draft away."""
    row = _locked_draft(draft)
    audit.record("scheme.discarded", row, by=by)
    row.delete()


def retire_due() -> int:
    """Retire versions that a later one has followed; safe to run at any time."""
    valid = Scheme.objects.filter(
        status=VersionState.PUBLISHED, effective_from__lte=clock.today()
    )
    newest = {row.code: row.pk for row in valid.order_by("effective_from")}
    old = valid.exclude(pk__in=newest.values())
    return old.update(status=VersionState.RETIRED, updated_at=clock.now())


def in_force(kind: str, day: date) -> Scheme:
    """The scheme that a kind of object is evaluated by on a day."""
    for row in Scheme.objects.valid_on(day):
        if kind in row.kinds:
            return row
    raise DomainError(_("No scheme is in force for these objects and days."))


def _locked_draft(draft: Any) -> Any:
    found = type(draft).objects.select_for_update(of=("self",)).filter(pk=draft.pk)
    row = found.first()
    if row is None or not row.is_draft:
        raise Conflict(_("The draft was published or discarded by somebody else."))
    return row


def _next_version(code: str) -> int:
    found = Scheme.objects.filter(code=code).aggregate(top=Max("version"))
    return (found["top"] or 0) + 1


def _stamp(row: Scheme | Timetable, *, by: User | None) -> None:
    row.status, row.published_at, row.published_by = (
        VersionState.PUBLISHED,
        clock.now(),
        by,
    )
    row.touch()
    row.save()


# The timetable --------------------------------------------------------------------


@transaction.atomic
def change_timetable(*, body: Mapping[str, Any], note: str = "", by: User) -> Timetable:
    """Put a new version of the timetable in force."""
    problems = timetables.problems(body)
    if problems:
        raise DomainError(" ".join(problems))
    rows = Timetable.objects.select_for_update(of=("self",))
    former = rows.filter(status=VersionState.PUBLISHED).first()
    if former is not None:
        former.status = VersionState.RETIRED
        former.touch()
        former.save()
    top = Timetable.objects.aggregate(top=Max("version"))["top"] or 0
    row = Timetable(version=top + 1, body=dict(body), note=note)
    _stamp(row, by=by)
    audit.record("timetable.published", row, by=by, data={"body": row.body})
    return row
