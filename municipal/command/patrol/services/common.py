"""What the services of duty share: places, areas, rights, leaders."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from django.utils.translation import gettext as _

from municipal.command.patrol import areas
from municipal.command.patrol.models import Attendance
from platform_core.accounts import selectors as accounts
from platform_core.accounts.models import User
from platform_core.common.errors import DomainError, Forbidden

LEADER = "team_leader"
INSPECTOR = "supervisor"


@dataclass(frozen=True)
class Place:
    """Where a phone says it is."""

    lon: float
    lat: float
    accuracy: int = 0

    @classmethod
    def of(cls, lon: Any, lat: Any, accuracy: Any = 0) -> Self:
        """Checked numbers; a DomainError where they are no position."""
        try:
            found = cls(float(lon), float(lat), round(float(accuracy or 0)))
        except (TypeError, ValueError, OverflowError) as error:
            raise DomainError(_("This is not a position.")) from error
        in_range = -180 <= found.lon <= 180 and -90 <= found.lat <= 90
        if not in_range or math.isnan(found.lon + found.lat):
            raise DomainError(_("This is not a position."))
        return cls(found.lon, found.lat, min(max(found.accuracy, 0), 1_000_000))


def require(by: User, permission: str) -> None:
    """Refuse what the roles do not include."""
    if not by.has_perm(permission):
        raise Forbidden(_("Your roles do not include this."))


def lock(person: User) -> None:
    """Let one thing after the other happen to somebody's duty."""
    User.objects.select_for_update(of=("self",)).get(pk=person.pk)


def grids_of(person: User, duty_grid: int | None) -> list[int]:
    """The duty grid that is planned, else those of the person."""
    if duty_grid is not None:
        return [duty_grid]
    return list(person.duty_grids.values_list("pk", flat=True))


def metres_outside(duty: Attendance, place: Place | None) -> float | None:
    """How far outside the area of a duty; None without a position or an area."""
    area = areas.area_of(grids_of(duty.person, duty.duty_grid_id))
    if place is None or area is None:
        return None
    return area.outside([(place.lon, place.lat)])[0]


def leaders_of(person: User) -> list[User]:
    """The team leaders of somebody's area."""
    code = person.unit.division_id if person.unit else ""
    return [
        leader
        for leader in accounts.users_with_role(LEADER)
        if code.startswith(leader.division_prefix)
    ]


def inspectors(keys: Iterable[int] | None = None) -> Any:
    """Active inspectors, or those of them that are named."""
    found = accounts.users_with_role(INSPECTOR)
    return found if keys is None else found.filter(pk__in=list(keys))
