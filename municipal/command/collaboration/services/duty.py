"""Writes of duty: rules with their history, what is learnt, suggestions."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from municipal.command import duty
from municipal.command.collaboration.enums import PlaceKind, SuggestionState
from municipal.command.collaboration.models import (
    DepartmentType,
    DutyChoice,
    DutyCount,
    DutyRevision,
    DutyRule,
    DutySuggestion,
)
from municipal.command.listeners import Happened
from municipal.command.models import Case
from platform_core.accounts.models import OrgUnit, User
from platform_core.audit import services as audit
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError
from platform_core.geo import shapes
from platform_core.geo.shapes import InvalidGeometry

COUNTS = DutyCount._meta.db_table
ADD = f"""
INSERT INTO {COUNTS} (class_kind, class_code, street_code, unit_id, day, cases)
VALUES {{}}
ON CONFLICT (class_code, class_kind, street_code, day, unit_id)
DO UPDATE SET cases = {COUNTS}.cases + 1
"""  # noqa: S608  names of our own tables
DISPATCHING = frozenset({"dispatch", "redispatch"})
SURE = 0.6
SUGGEST_FROM = 5
FIELDS = (
    "class_kind",
    "class_prefix",
    "place_kind",
    "place_code",
    "geometry",
    "owner_id",
    "unit_id",
    "priority",
    "valid_from",
    "valid_to",
    "note",
    "is_active",
)


@transaction.atomic
def save_rule(*, rule: DutyRule, by: User | None) -> DutyRule:
    """Keep a new or changed rule together with what it said before."""
    _check(rule)
    if rule.pk:
        held = DutyRule.objects.select_for_update().get(pk=rule.pk)
        if values_of(held) == values_of(rule):
            return rule
        rule.revision = held.revision + 1
    rule.touch()
    rule.save()
    DutyRevision.objects.create(
        rule=rule, number=rule.revision, values=values_of(rule), by=by, at=clock.now()
    )
    audit.record("duty.rule_saved", rule, by=by, data={"revision": rule.revision})
    return rule


def values_of(rule: DutyRule) -> dict[str, Any]:
    """What a rule says, as plain values."""
    found = {name: getattr(rule, name) for name in FIELDS}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in found.items()
    }


def _check(rule: DutyRule) -> None:
    problems: dict[str, str] = {}
    if rule.place_kind == PlaceKind.POLYGON:
        try:
            shapes.read_area(rule.geometry or {})
        except InvalidGeometry:
            problems["geometry"] = _("Draw an area.")
    elif rule.place_kind == PlaceKind.CITY:
        rule.place_code = ""
    elif not rule.place_code.isdigit():
        problems["place_code"] = _("Give the code of the place.")
    if rule.valid_to and rule.valid_to < rule.valid_from:
        problems["valid_to"] = _("The end lies before the beginning.")
    if problems:
        raise DomainError(_("The rule is not complete."), fields=problems)


@transaction.atomic
def switch_rule(*, rule: DutyRule, active: bool, by: User) -> DutyRule:
    """Put a rule out of force, or in force again; it is never deleted."""
    rule.is_active = active
    return save_rule(rule=rule, by=by)


# Learning ----------------------------------------------------------------------


def learn(happened: Happened) -> None:
    """Count a dispatch, and remember one against the recommendation."""
    case = happened.case
    if happened.action not in DISPATCHING or case.handling_unit is None:
        return
    if happened.by is not None:
        _remember_choice(case, case.handling_unit, happened)
    count(case, case.handling_unit, timezone.localtime(happened.at).date())


def count(case: Case, unit: OrgUnit, day: date) -> None:
    """Add a case to the counts of its street and of the city; one statement."""
    streets = sorted({case.street_code, ""})
    rows = [
        (case.class_kind, case.class_code, street, unit.pk, day.isoformat())
        for street in streets
    ]
    marks = ", ".join(["(%s, %s, %s, %s, %s, 1)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(ADD.format(marks), [value for row in rows for value in row])


def _remember_choice(case: Case, chosen: OrgUnit, happened: Happened) -> None:
    found = duty.candidates(case)
    best = found[0] if found else None
    if best is None or best.confidence < SURE or best.unit.pk == chosen.pk:
        return
    reason = str(happened.given.get("duty_reason") or happened.step.note or "")
    DutyChoice.objects.create(
        case=case,
        class_kind=case.class_kind,
        class_code=case.class_code,
        street_code=case.street_code,
        recommended=best.unit,
        confidence=best.confidence,
        chosen=chosen,
        reason=reason[:500],
        by=happened.by,
        at=happened.at,
    )
    _suggest(case, chosen)


def _suggest(case: Case, chosen: OrgUnit) -> None:
    """Suggest a rule once dispatchers did the same often enough."""
    about: dict[str, Any] = {
        "class_kind": case.class_kind,
        "class_code": case.class_code,
        "street_code": case.street_code,
    }
    overrides = DutyChoice.objects.filter(**about, chosen=chosen).count()
    if overrides >= SUGGEST_FROM:
        DutySuggestion.objects.update_or_create(
            **about, unit=chosen, defaults={"overrides": overrides}
        )


@transaction.atomic
def accept_suggestion(*, suggestion: DutySuggestion, by: User) -> DutyRule:
    """Make the suggestion a rule in force from today."""
    held = _open_suggestion(suggestion)
    rule = DutyRule(
        class_kind=held.class_kind,
        class_prefix=held.class_code,
        place_kind=PlaceKind.STREET if held.street_code else PlaceKind.CITY,
        place_code=held.street_code,
        unit=held.unit,
        valid_from=clock.today(),
        note=_("From %(count)d overrides") % {"count": held.overrides},
        priority=60,
    )
    held.rule = save_rule(rule=rule, by=by)
    _decide(held, SuggestionState.ACCEPTED, by)
    return rule


@transaction.atomic
def dismiss_suggestion(*, suggestion: DutySuggestion, by: User) -> DutySuggestion:
    """Say that the suggestion shall not become a rule."""
    held = _open_suggestion(suggestion)
    _decide(held, SuggestionState.DISMISSED, by)
    return held


def _open_suggestion(suggestion: DutySuggestion) -> DutySuggestion:
    held = DutySuggestion.objects.select_for_update().get(pk=suggestion.pk)
    if held.state != SuggestionState.OPEN:
        raise Conflict(_("This suggestion was decided already."))
    return held


def _decide(held: DutySuggestion, state: str, by: User) -> None:
    held.state, held.decided_by = state, by
    held.touch()
    held.save()
    audit.record(f"duty.suggestion_{state}", held, by=by)


def rule_from(values: Mapping[str, Any]) -> DutyRule:
    """The rule that says this about class, place and owner, or a new one."""
    key = ("class_kind", "class_prefix", "place_kind", "place_code", "owner")
    about = {name: values[name] for name in key}
    rule = DutyRule.objects.filter(**about, is_active=True).first() or DutyRule()
    for name, value in values.items():
        setattr(rule, name, value)
    return rule


@transaction.atomic
def save_type(*, row: DepartmentType, by: User) -> DepartmentType:
    """Keep which unit a department type means."""
    row.save()
    audit.record("duty.type_saved", row, by=by, data={"unit": row.unit.code})
    return row
