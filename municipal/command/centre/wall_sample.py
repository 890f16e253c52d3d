"""Sample screens of the wall, and its figures brought up to date."""

from datetime import timedelta

from municipal.command import services as command
from municipal.command.models import Case
from municipal.command.services import telling
from platform_core.accounts import selectors as accounts
from platform_core.common import clock
from platform_core.regions import selectors as regions

from .board import spots, summing
from .models import Screen
from .wall import services

SPOTS = 4
# Name, scene, seconds a page
SCREENS = (
    ("指挥大厅主屏", "round", 40),
    ("值班席副屏", "field", 0),
)


def load() -> str:
    """Add the screens that are missing and sum what the sample did."""
    _repeat()
    summing.sum_all()
    person = accounts.users_with_role("duty_leader").first()
    if person is None:
        return "no sample of screens"
    area = regions.own_division().code
    for name, scene, seconds in SCREENS:
        if not Screen.objects.filter(name=name).exists():
            screen = Screen(name=name, area=area, seconds=seconds)
            services.save_screen(screen=screen, scene=scene, by=person)
    return f"{Screen.objects.count()} screens"


def _repeat() -> None:
    """Problems that came back at one place, so that the wall has some to name."""
    if Screen.objects.exists():
        return
    person = accounts.users_with_role("acceptor").first()
    rows = Case.objects.filter(source__channel="public").order_by("-reported_at")
    for case in list(rows[:SPOTS]) if person else []:
        for days in (9, 4, 1)[: spots.LEAST]:
            with clock.at(clock.now() - timedelta(days=days)), telling.quiet():
                command.report_case(
                    source="03",
                    class_kind=case.class_kind,
                    class_code=case.class_code,
                    description=f"{case.description}（再次反映）",
                    lon=case.lon,
                    lat=case.lat,
                    address=case.address,
                    by=person,
                )
