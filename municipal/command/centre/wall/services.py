"""Keeping screens: their data, their pages; every change with its audit row."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from municipal.command.centre.board.noting import announce
from municipal.command.centre.models import Screen
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common.errors import DomainError, Forbidden

from . import panels, scope

CHANGE = "centre.change_screen"
MOST_PAGES = 8


@transaction.atomic
def save_screen(*, screen: Screen, by: User, scene: str = "") -> Screen:
    """Store a new or changed screen; a scene gives it its pages."""
    require(by, screen.area)
    if scene:
        screen.pages = panels.scene(scene)
    if not screen.pages:
        screen.pages = panels.scene("routine")
    return _keep(screen, by, "screen.saved")


@transaction.atomic
def save_page(*, screen: Screen, number: int, page: dict[str, Any], by: User) -> Screen:
    """Store a page; the number after the last one adds it."""
    screen = _held(screen, by)
    problem = page_problem(page)
    if problem:
        raise DomainError(problem)
    if number >= MOST_PAGES:
        raise DomainError(_("A screen has at most %d pages.") % MOST_PAGES)
    screen.pages = [*screen.pages[:number], page, *screen.pages[number + 1 :]]
    return _keep(screen, by, "screen.page_saved", page=page["title"])


def page_problem(page: dict[str, Any]) -> str:
    """What is wrong with a page, in words; empty if nothing is."""
    layout = panels.LAYOUTS.get(page["layout"])
    if layout is None:
        return _("There is no such layout.")
    used = [code for slot in layout.slots for code in page["slots"].get(slot, [])]
    if not used:
        return _("Choose at least one panel.")
    if len(used) != len(set(used)):
        return _("A panel can stand on a page once.")
    return "" if set(used) <= set(panels.PANELS) else _("There is no such panel.")


@transaction.atomic
def drop_page(*, screen: Screen, number: int, by: User) -> Screen:
    """Take a page away; the last one stays."""
    screen = _held(screen, by)
    if len(screen.pages) < 2 or number >= len(screen.pages):
        raise DomainError(_("A screen keeps at least one page."))
    title = screen.pages[number]["title"]
    screen.pages = [*screen.pages[:number], *screen.pages[number + 1 :]]
    return _keep(screen, by, "screen.page_dropped", page=title)


@transaction.atomic
def move_page(*, screen: Screen, number: int, by: User) -> Screen:
    """Show a page one place earlier."""
    screen = _held(screen, by)
    if not 0 < number < len(screen.pages):
        raise DomainError(_("This page comes first already."))
    pages = list(screen.pages)
    pages[number - 1], pages[number] = pages[number], pages[number - 1]
    screen.pages = pages
    return _keep(screen, by, "screen.page_moved", page=pages[number - 1]["title"])


def require(by: User, area: str) -> None:
    """Only who may change screens, and of the areas in sight."""
    if not by.has_perm(CHANGE):
        raise Forbidden(_("You may not change screens."))
    if not scope.within_reach(by, area):
        text = _("This area lies outside your division.")
        raise DomainError(text, fields={"area": text})


def _held(screen: Screen, by: User) -> Screen:
    found = Screen.objects.select_for_update(of=("self",)).get(pk=screen.pk)
    require(by, found.area)
    return found


def _keep(screen: Screen, by: User, event: str, **data: Any) -> Screen:
    screen.revision = screen.revision + 1 if screen.pk else 1
    screen.changed_by = by
    screen.touch()
    screen.save()
    told = {"area": screen.area, "revision": screen.revision, "pages": screen.pages}
    audit.record(event, screen, by=by, data={**told, **data})
    transaction.on_commit(announce)
    return screen
