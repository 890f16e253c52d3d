"""Every write to the class dictionary that is more than one number."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from municipal.command.basedata.models import ClassRevision
from municipal.command.basedata.models.classes import RevisionState
from platform_core.audit import services as audit
from platform_core.calendars.enums import Unit
from platform_core.classification.enums import Confidence, Edition, Kind, Origin
from platform_core.classification.models import FilingCondition, ProblemClass
from platform_core.classification.services import mark_changed
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError

RULE_FIELDS = (
    "number",
    "grade",
    "filing_condition",
    "closing_condition",
    "limit_value",
    "limit_unit",
    "department_type",
)
LAST = {Edition.E2013: 99, Edition.E2026: 999}
SOURCE = "local"
Values = Mapping[str, Any]


def values_of(row: ProblemClass) -> dict[str, Any]:
    """A class as a version keeps it."""
    rules = row.conditions.order_by("number", "grade")
    return {
        "name": row.name,
        "geometry": row.geometry,
        "is_active": row.is_active,
        "conditions": [
            {name: getattr(rule, name) for name in RULE_FIELDS} for rule in rules
        ],
    }


def next_code(edition: str, kind: str, major: str) -> str:
    """The code of the next extended class: 99 (2026: 999) and downwards."""
    places = len(str(LAST[Edition(edition)]))
    used = {
        code
        for model in (ProblemClass, ClassRevision)
        for code in model.objects.filter(
            edition=edition, kind=kind, code__startswith=major
        ).values_list("code", flat=True)
    }
    for serial in range(LAST[Edition(edition)], 0, -1):
        code = f"{major}{serial:0{places}d}"
        if code not in used:
            return code
    raise Conflict(_("The major class has no free code."))


@transaction.atomic
def add_class(
    *,
    by: Any,
    edition: str,
    kind: str,
    major: str,
    values: Values,
    effective_on: date,
    note: str = "",
) -> ClassRevision:
    """Extend the dictionary by a class of the city's own."""
    twin = ProblemClass.objects.filter(edition=edition, kind=kind, major_code=major)
    if not twin.exists():
        text = _("There is no such major class.")
        raise DomainError(text, fields={"major": text})
    if twin.filter(name=values["name"]).exists():
        text = _("The major class has a class of this name already.")
        raise Conflict(text, fields={"name": text})
    code = next_code(edition, kind, major)
    return _revise((edition, kind, code), {}, values, effective_on, by=by, note=note)


@transaction.atomic
def revise_class(
    *, row: ProblemClass, by: Any, values: Values, effective_on: date, note: str = ""
) -> ClassRevision:
    """Give a class other conditions or limits, now or on a later day."""
    before = values_of(row)
    known = (row.edition, row.kind, row.code)
    after = before | dict(values)
    if not is_extension(row):
        after |= {"name": row.name, "geometry": row.geometry}
    if after == before:
        raise DomainError(_("Nothing was changed."))
    return _revise(known, before, after, effective_on, by=by, note=note)


@transaction.atomic
def restore(*, revision: ClassRevision, by: Any) -> ClassRevision:
    """Make a class again what it was before a version."""
    row = problem_class(revision)
    if row is None or not revision.before:
        raise Conflict(_("There is nothing to roll back."))
    note = _("Back to what it was before version %(number)d") % vars(revision)
    today = clock.today()
    return revise_class(
        row=row, by=by, values=revision.before, effective_on=today, note=note
    )


@transaction.atomic
def withdraw(*, revision: ClassRevision, by: Any) -> None:
    """Take back a version whose day has not come."""
    revision = ClassRevision.objects.select_for_update(of=("self",)).get(pk=revision.pk)
    if revision.state != RevisionState.SCHEDULED:
        raise Conflict(_("Only a version that is not in effect can be taken back."))
    revision.state = RevisionState.WITHDRAWN
    revision.save(update_fields=["state"])
    audit.record("classification.version_withdrawn", revision, by=by)


def apply_due() -> int:
    """Bring into effect what is due; how many versions."""
    due = ClassRevision.objects.filter(
        state=RevisionState.SCHEDULED, effective_on__lte=clock.today()
    )
    keys = list(due.order_by("effective_on", "pk").values_list("pk", flat=True))
    for key in keys:
        _apply(key)
    return len(keys)


def problem_class(revision: ClassRevision) -> ProblemClass | None:
    """The class that a version is about; None before an extension is in effect."""
    return ProblemClass.objects.filter(
        edition=revision.edition, kind=revision.kind, code=revision.code
    ).first()


def is_extension(row: ProblemClass) -> bool:
    """Whether the city added the class."""
    return ClassRevision.objects.filter(
        edition=row.edition, kind=row.kind, code=row.code, is_extension=True
    ).exists()


def _revise(
    known: tuple[str, str, str],
    before: Values,
    values: Values,
    effective_on: date,
    **rest: Any,
) -> ClassRevision:
    _check(values)
    edition, kind, code = known
    rows = ClassRevision.objects.filter(edition=edition, kind=kind, code=code)
    last = rows.aggregate(last=Max("number"))["last"] or 0
    revision = ClassRevision.objects.create(
        edition=edition,
        kind=kind,
        code=code,
        number=last + 1,
        is_extension=not before,
        before=dict(before),
        values=dict(values),
        effective_on=effective_on,
        note=rest["note"],
        made_by=rest["by"],
    )
    data = {"before": dict(before), "after": dict(values), "on": effective_on}
    audit.record("classification.version_made", revision, by=rest["by"], data=data)
    if effective_on <= clock.today():
        _apply(revision.pk)
        revision.refresh_from_db()
    return revision


def _check(values: Values) -> None:
    if not str(values.get("name", "")).strip():
        text = _("Please give a name.")
        raise DomainError(text, fields={"name": text})
    seen = set()
    for rule in values.get("conditions", ()):
        key = (rule["number"], rule["grade"])
        if key in seen:
            text = _("Condition %(number)s stands there twice.")
            raise DomainError(text % {"number": "".join(key)})
        seen.add(key)
        if rule["limit_unit"] not in Unit.values or rule["limit_value"] < 1:
            raise DomainError(_("A time limit is at least 1."))


@transaction.atomic
def _apply(key: int) -> None:
    revision = ClassRevision.objects.select_for_update(of=("self",)).get(pk=key)
    if revision.state != RevisionState.SCHEDULED:
        return
    values = revision.values
    row = problem_class(revision) or _new_class(revision)
    row.name, row.geometry = values["name"], values.get("geometry", "")
    row.is_active = values.get("is_active", True)
    row.touch()
    row.save()
    for rule in values.get("conditions", ()):
        _set_rule(row, rule)
    revision.state = RevisionState.EFFECTIVE
    revision.save(update_fields=["state"])
    mark_changed()


def _new_class(revision: ClassRevision) -> ProblemClass:
    alike = ProblemClass.objects.filter(
        edition=revision.edition, kind=revision.kind, major_code=revision.code[:2]
    ).first()
    assert alike is not None
    return ProblemClass(
        edition=revision.edition,
        kind=revision.kind,
        code=revision.code,
        major_code=alike.major_code,
        major_name=alike.major_name,
        major_name_en=alike.major_name_en,
        origin=Origin.EVENT if revision.kind == Kind.MATTER else "",
        confidence=Confidence.HIGH,
    )


def _set_rule(row: ProblemClass, rule: Values) -> None:
    """Write a condition that differs; it counts as the city's own from then on."""
    key = {"number": rule["number"], "grade": rule["grade"]}
    found = row.conditions.filter(**key).first()
    if found and all(getattr(found, name) == rule[name] for name in RULE_FIELDS):
        return
    own = {"is_own": True, "confidence": Confidence.HIGH, "updated_at": clock.now()}
    source = found.source if found else SOURCE
    FilingCondition.objects.update_or_create(
        problem_class=row, **key, defaults={**rule, **own, "source": source}
    )
