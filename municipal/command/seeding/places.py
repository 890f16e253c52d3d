"""Streets, communities, grids, organisations and people of the generated city."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from municipal.command import places
from municipal.command.models import DutyGrid, UnitGrid
from platform_core.accounts.enums import UnitKind
from platform_core.accounts.models import OrgUnit, User
from platform_core.geo.shapes import rectangle
from platform_core.regions import selectors as regions
from platform_core.regions.enums import Level
from platform_core.regions.models import Division

ACROSS, DOWN = 5, 4  # unit grids of a community
BLOCKS_IN_A_ROW = 36
WIDTH, HEIGHT = 0.00111, 0.0009  # degrees: 100 m by 100 m at 36 degrees north
AREA = 10_000.0
COMMUNITIES_OF_A_STREET = 7
FIRST_STREET = 101  # above the numbers of the sample's streets
GRIDS_OF_A_DUTY_GRID = 10
VALID_FROM = date(2024, 1, 1)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗"
GIVEN = ("伟", "芳", "娜", "敏", "静", "强", "磊", "洋", "艳", "勇", "军", "杰", "涛")
DEPARTMENTS = ("municipal", "sanitation", "landscape", "enforcement", "water", "gas")


@dataclass(frozen=True, slots=True)
class Size:
    """How big the city is."""

    communities: int
    grids: int
    units: int
    inspectors: int
    handlers: int
    operators: int


SIZES = {
    "small": Size(105, 2_000, 60, 150, 60, 20),
    "full": Size(1_047, 20_000, 500, 1_400, 500, 100),
}


def build(size: Size, chance: random.Random) -> str:
    """Make all areas, organisations and people; how many."""
    communities = _divisions(size.communities)
    units = _units(size.units)
    people = _people(size, units, chance)
    duty = _duty_grids(communities, people)
    grids = _unit_grids(size.grids, communities, duty)
    regions.forget()
    places.forget()
    return f"{len(communities)} communities, {grids} unit grids, {len(units)} units"


# Areas ------------------------------------------------------------------------
def _divisions(count: int) -> list[Division]:
    own = regions.own_division().code
    districts = list(regions.inside(own, Level.COUNTY).order_by("code"))
    streets, communities = [], []
    for number in range(-(-count // COMMUNITIES_OF_A_STREET)):
        district = districts[number * len(districts) * 7 // (count + 6)]
        code = f"{district.code}{FIRST_STREET + number:03d}"
        name = f"{district.name}第{number + 1}街道"
        streets.append(_division(code, name, district.code, Level.STREET))
        for part in range(min(7, count - number * COMMUNITIES_OF_A_STREET)):
            title = f"第{number + 1}街道{part + 1}社区"
            key = f"{code}{part + 1:03d}"
            communities.append(_division(key, title, code, Level.COMMUNITY))
    Division.objects.bulk_create(streets)
    return list(Division.objects.bulk_create(communities, batch_size=1000))


def _division(code: str, name: str, parent: str, level: Level) -> Division:
    return Division(code=code, name=name, parent_id=parent, level=level, is_sample=True)


def _duty_grids(
    communities: list[Division], people: dict[str, list[User]]
) -> dict[str, list[DutyGrid]]:
    made = [
        DutyGrid(
            code=f"{row.code}Z{part:03d}",
            name=f"{row.name}第{part}责任网格",
            community=row,
            is_sample=True,
        )
        for row in communities
        for part in (1, 2)
    ]
    found: dict[str, list[DutyGrid]] = {}
    inspectors = people["supervisor"]
    links = []
    for index, grid in enumerate(DutyGrid.objects.bulk_create(made, batch_size=1000)):
        found.setdefault(grid.community_id, []).append(grid)
        person = inspectors[index % len(inspectors)]
        links.append(
            DutyGrid.supervisors.through(dutygrid_id=grid.pk, user_id=person.pk)
        )
    DutyGrid.supervisors.through.objects.bulk_create(links, batch_size=1000)
    return found


def _unit_grids(
    count: int, communities: list[Division], duty: dict[str, list[DutyGrid]]
) -> int:
    city = regions.own_division()
    west, north = (city.lon or 120.0) - 0.1, (city.lat or 36.0) + 0.05
    rows = _lattice(count, communities, duty, (west, north))
    return len(UnitGrid.objects.bulk_create(rows, batch_size=1000))


def _lattice(
    count: int,
    communities: list[Division],
    duty: dict[str, list[DutyGrid]],
    corner: tuple[float, float],
) -> Iterator[UnitGrid]:
    """Touching grids: a block of five by four for each community."""
    for number in range(count):
        community, part = divmod(number, len(communities))[::-1]
        owner = communities[community]
        block_row, block_column = divmod(community, BLOCKS_IN_A_ROW)
        row, column = divmod(part, ACROSS)
        west = corner[0] + (block_column * ACROSS + column) * WIDTH
        north = corner[1] - (block_row * DOWN + row) * HEIGHT
        yield UnitGrid(
            code=f"{owner.code}{part + 1:03d}",
            community=owner,
            duty_grid=duty[owner.code][part // GRIDS_OF_A_DUTY_GRID],
            geometry=_square(west, north),
            lon=round(west + WIDTH / 2, 7),
            lat=round(north - HEIGHT / 2, 7),
            area=AREA,
            valid_from=VALID_FROM,
            is_sample=True,
        )


def _square(west: float, north: float) -> dict[str, Any]:
    found: dict[str, Any] = rectangle(
        round(west, 7),
        round(north - HEIGHT, 7),
        round(west + WIDTH, 7),
        round(north, 7),
    )
    return found


# Organisations and people -----------------------------------------------------
def _units(count: int) -> list[OrgUnit]:
    """Branches of the city's departments and units of the districts."""
    own = regions.own_division().code
    parents = list(OrgUnit.objects.filter(code__in=[f"{own}-{k}" for k in DEPARTMENTS]))
    parents += OrgUnit.objects.filter(kind=UnitKind.DISTRICT).order_by("code")
    made = []
    for number in range(max(0, count - len(parents))):
        above = parents[number % len(parents)]
        serial = number // len(parents) + 1
        made.append(
            OrgUnit(
                code=f"{above.code}-{serial:03d}"[:32],
                name=f"{above.name}第{serial}大队",
                short_name=f"{above.short_name or above.name}{serial}大队"[:40],
                kind=UnitKind.DEPARTMENT,
                parent=above,
                division_id=above.division_id,
                is_sample=True,
            )
        )
    OrgUnit.objects.bulk_create(made)
    above_of = {row.pk: row.path for row in parents}
    for row in made:
        row.path = f"{above_of[row.parent_id or 0]}{row.pk}/"
    OrgUnit.objects.bulk_update(made, ["path"], batch_size=500)
    return [*parents, *made]


def _people(
    size: Size, units: list[OrgUnit], chance: random.Random
) -> dict[str, list[User]]:
    own = regions.own_division().code
    centre = {row.code: row for row in OrgUnit.objects.filter(kind=UnitKind.CENTRE)}
    watch, command = centre[f"{own}-supervision"], centre[f"{own}-command"]
    desks = {
        "acceptor": ([watch], size.operators // 2),
        "duty_leader": ([watch], size.operators // 4),
        "dispatcher": ([command], size.operators // 4),
        "supervisor": ([watch], size.inspectors),
        "dept_handler": (units, max(size.handlers, len(units))),
    }
    return {
        role: _staff(role, homes, count, chance)
        for role, (homes, count) in desks.items()
    }


def _staff(
    role: str, homes: list[OrgUnit], count: int, chance: random.Random
) -> list[User]:
    group = Group.objects.get(name=role)
    locked = make_password(None)
    made: list[User] = User.objects.bulk_create(
        [
            User(
                username=f"{role}-{number:04d}",
                full_name=chance.choice(SURNAMES) + chance.choice(GIVEN),
                password=locked,
                unit=homes[number % len(homes)],
                is_sample=True,
            )
            for number in range(count)
        ],
        batch_size=1000,
    )
    _join(group, made)
    return made


def _join(group: Group, people: Iterable[User]) -> None:
    membership = User.groups.through
    membership.objects.bulk_create(
        [membership(user_id=one.pk, group_id=group.pk) for one in people],
        batch_size=1000,
    )
