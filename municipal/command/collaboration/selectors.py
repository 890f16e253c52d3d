"""Reads of collaborative work: the desk, units and districts compared."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from municipal.command.enums import OPEN, WITH_UNIT, State
from municipal.command.models import Case, CaseQuerySet
from platform_core.accounts.models import OrgUnit, User
from platform_core.common import clock

from .enums import OPEN_DISTRICT, OPEN_PARTS, DistrictState, PartKind, PartState
from .models import DistrictCase, Part

TABS: Mapping[str, str | Promise] = {
    "sign": _("To sign"),
    "hand": _("In hand"),
    "near": _("Near due"),
    "overdue": _("Overdue"),
    "again": _("Returned or rework"),
    "paused": _("Suspended and deferred"),
}
DAYS = 30


def _tab(code: str) -> Q:
    now = clock.now()
    late = Q(state__in=WITH_UNIT, handling_deadline__lt=now)
    near = Q(state__in=WITH_UNIT, handling_deadline__gte=now, warn_at__lt=now)
    found = {
        "sign": Q(state=State.PENDING_HANDLING),
        "hand": Q(state__in=(State.HANDLING, State.REWORK)),
        "near": near,
        "overdue": late,
        "again": Q(state__in=(State.REWORK, State.RETURNED)),
        "paused": Q(state__in=(State.SUSPENDED, State.DEFERRED)),
    }
    return found[code]


def own_cases(user: User) -> CaseQuerySet:
    """The open cases of the user's unit and those below it."""
    units = OrgUnit.objects.filter(path__startswith=user.unit_path)
    keys = list(units.values_list("pk", flat=True))
    return Case.objects.visible_to(user).filter(handling_unit__in=keys, state__in=OPEN)


def desk(user: User, tab: str) -> CaseQuerySet:
    """The cases of one part of the desk."""
    return own_cases(user).filter(_tab(tab))


def desk_counts(user: User) -> dict[str, int]:
    """How many cases lie in each part of the desk, in one query."""
    sums = {code: Count("pk", filter=_tab(code)) for code in TABS}
    return own_cases(user).order_by().aggregate(**sums)


def compare(user: User) -> list[dict[str, Any]]:
    """Counts by unit: in hand, overdue, rework, on time lately, assisting."""
    now = clock.now()
    since = now - timedelta(days=DAYS)
    relevant = Q(state__in=OPEN) | Q(handled_at__gte=since)
    rows = (
        Case.objects.visible_to(user)
        .filter(relevant, handling_unit__isnull=False)
        .order_by()
        .values("handling_unit")
        .annotate(
            hand=Count("pk", filter=Q(state__in=WITH_UNIT)),
            overdue=Count(
                "pk", filter=Q(state__in=WITH_UNIT, handling_deadline__lt=now)
            ),
            rework=Count("pk", filter=Q(state=State.REWORK)),
            handled=Count("pk", filter=Q(handled_at__gte=since)),
            on_time=Count("pk", filter=Q(handled_at__gte=since, on_time=True)),
        )
    )
    assisting = assisting_counts(user, since)
    units = OrgUnit.objects.in_bulk(
        {row["handling_unit"] for row in rows} | set(assisting)
    )
    by_unit = {row["handling_unit"]: row for row in rows}
    found = [
        _unit_row(unit, dict(by_unit.get(key, {})), assisting.get(key, {}))
        for key, unit in units.items()
    ]
    return sorted(found, key=lambda row: (-row["overdue"], -row["hand"]))


def _unit_row(
    unit: OrgUnit, leads: Mapping[str, Any], assists: Mapping[str, Any]
) -> dict[str, Any]:
    handled = leads.get("handled", 0)
    return {
        "unit": unit,
        **{name: leads.get(name, 0) for name in ("hand", "overdue", "rework")},
        "handled": handled,
        "rate": round(leads["on_time"] * 100 / handled) if handled else None,
        "assisting": assists.get("open", 0),
        "assisted": assists.get("answered", 0),
    }


def assisting_counts(user: User, since: Any) -> dict[int, dict[str, Any]]:
    """By unit: assisting parts that are open, and those answered lately."""
    rows = (
        Part.objects.visible_to(user)
        .filter(kind=PartKind.ASSIST)
        .order_by()
        .values("unit")
        .annotate(
            open=Count("pk", filter=Q(state__in=(PartState.SENT, PartState.SIGNED))),
            answered=Count(
                "pk", filter=Q(state=PartState.ANSWERED, ended_at__gte=since)
            ),
        )
    )
    return {row["unit"]: dict(row) for row in rows}


def assisted_between(start: datetime, end: datetime) -> dict[int, tuple[int, int]]:
    """By unit: assisting parts that ended or fell due, and those answered in time."""
    answered = Q(state=PartState.ANSWERED, ended_at__gte=start, ended_at__lt=end)
    now = min(end, clock.now())
    due = Q(state__in=OPEN_PARTS, deadline__gte=start, deadline__lt=now)
    in_time = Q(deadline=None) | Q(ended_at__lte=F("deadline"))
    rows = (
        Part.objects.filter(answered | due, kind=PartKind.ASSIST)
        .order_by()
        .values_list("unit")
        .annotate(due=Count("pk"), good=Count("pk", filter=answered & in_time))
    )
    return {unit: (due, good) for unit, due, good in rows}


def district_figures(user: User) -> list[dict[str, Any]]:
    """By second-level platform: what it has, what it returned, how quickly."""
    since = clock.now() - timedelta(days=DAYS)
    rows = (
        DistrictCase.objects.visible_to(user)
        .filter(Q(state__in=OPEN_DISTRICT) | Q(received_at__gte=since))
        .order_by()
        .values("platform", name=F("platform__unit__name"))
        .annotate(
            received=Count("pk", filter=Q(received_at__gte=since)),
            waiting=Count("pk", filter=Q(state=DistrictState.TO_DISPATCH)),
            inside=Count("pk", filter=Q(state=DistrictState.WITH_UNIT)),
            review=Count("pk", filter=Q(state=DistrictState.TO_REVIEW)),
            returned=Count("pk", filter=Q(state=DistrictState.PASSED)),
            on_time=Count("pk", filter=Q(on_time=True)),
            needed=Avg(
                F("returned_at") - F("received_at"), filter=Q(returned_at__isnull=False)
            ),
        )
    )
    return [_with_rate(dict(row)) for row in rows]


def _with_rate(row: dict[str, Any]) -> dict[str, Any]:
    done = row["returned"]
    needed = row["needed"]
    return {
        **row,
        "rate": round(row["on_time"] * 100 / done) if done else None,
        "seconds": needed.total_seconds() if needed else None,
    }
