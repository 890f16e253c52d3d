"""Who is sent to a place: who is on duty there, else who is nearest."""

from municipal.command.models import Case
from platform_core.accounts.models import User
from platform_core.geo.distance import metres

from . import selectors
from .models import Attendance


def on_duty_inspector(case: Case) -> User | None:
    """The inspector on duty in the grid of a case, else the nearest one on duty."""
    duties = list(selectors.on_duty())
    owners = [duty for duty in duties if _owns(duty, case.duty_grid_id)]
    chosen = min(
        owners or [duty for duty in duties if _where(duty)],
        key=lambda duty: (_far(duty, case), duty.person_id),
        default=None,
    )
    return chosen.person if chosen else None


def _owns(duty: Attendance, duty_grid: int | None) -> bool:
    """Whether the grid is that of the duty, or one of the inspector's own."""
    if duty_grid is None:
        return False
    if duty.duty_grid_id is not None:
        return duty.duty_grid_id == duty_grid
    return duty_grid in {grid.pk for grid in duty.person.duty_grids.all()}


def _where(duty: Attendance) -> tuple[float, float] | None:
    """The last position, else the one of the clock-in."""
    lon = duty.in_lon if duty.last_lon is None else duty.last_lon
    lat = duty.in_lat if duty.last_lat is None else duty.last_lat
    return None if lon is None or lat is None else (lon, lat)


def _far(duty: Attendance, case: Case) -> float:
    place = _where(duty)
    return metres(case.lon, case.lat, *place) if place else float("inf")
