"""Which areas somebody may see on the wall: the city, or the own district."""

from django.http import Http404, HttpRequest

from municipal.command.requests import user_of
from platform_core.accounts.models import User
from platform_core.regions import selectors as regions
from platform_core.regions.enums import Level
from platform_core.regions.models import Division

VIEW = "centre.view_wall"
ALL = "command.view_all_cases"


def areas(user: User) -> list[Division]:
    """The city with its districts, or one district; nothing for others.

    The figures count all cases of an area: who does not see them all sees none.
    """
    if not user.has_perm(ALL):
        return []
    city = regions.own_division()
    below = regions.inside(city.code, Level.COUNTY).order_by("code")
    if city.prefix.startswith(user.division_prefix):
        return [city, *below]
    return list(below.filter(code=user.division_prefix))


def within_reach(user: User, area: str) -> bool:
    """Whether an area is the city or a district inside somebody's division."""
    city = regions.own_division()
    known = area == city.code or regions.within(area, city.code)
    return known and len(area) == 6 and area.startswith(user.division_prefix)


def area_of(request: HttpRequest, usual: str = "") -> Division:
    """The area of the address, else the usual or widest; 404 outside one's own."""
    found = {one.code: one for one in areas(user_of(request))}
    wanted = request.GET.get("area") or usual or next(iter(found), "")
    if wanted not in found:
        raise Http404(wanted)
    return found[wanted]


def prefixes(area: Division) -> list[str]:
    """The leading digits of an area; none for the whole city."""
    return [area.prefix] if narrowing(area) else []


def narrowing(area: Division) -> dict[str, object]:
    """What narrows the search of cases to an area."""
    is_city = area.code == regions.own_division().code
    return {} if is_city else {"division": area.code}
