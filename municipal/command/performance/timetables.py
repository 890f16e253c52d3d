"""The timetable's document: which runs are made by themselves, days of reviews."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from .enums import ObjectKind, PeriodKind, VersionState
from .models import Timetable

DAYS = ("publicity_days", "appeal_days", "first_review_days", "second_review_days")
MOST_DAYS = 60
SCHEDULED = tuple(kind for kind in PeriodKind.values if kind != PeriodKind.FREE)


@dataclass(frozen=True)
class Days:
    """Working days of publicity, for appealing, and for the two reviews."""

    publicity_days: int
    appeal_days: int
    first_review_days: int
    second_review_days: int


def current() -> Timetable:
    """The timetable in force."""
    return Timetable.objects.get(status=VersionState.PUBLISHED)


def days() -> Days:
    """The days of the timetable in force."""
    body = current().body
    return Days(**{name: body[name] for name in DAYS})


def problems(body: Mapping[str, Any]) -> list[str]:
    """What is wrong with a timetable, in words."""
    found = []
    for name in DAYS:
        value = body.get(name)
        if not isinstance(value, int) or not 1 <= value <= MOST_DAYS:
            found.append(
                _("Days must be from 1 to %(most)s: %(name)s.")
                % {"most": MOST_DAYS, "name": name}
            )
    for row in body.get("runs", ()):
        if row.get("kind") not in ObjectKind.values:
            found.append(_("There is no such kind of object: %s.") % row.get("kind"))
        if row.get("period") not in SCHEDULED:
            found.append(_("There is no such period: %s.") % row.get("period"))
    return found
