"""Generated streets, communities, grids and components around real centres."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from municipal.command import places
from municipal.command.models import Component, DutyGrid, UnitGrid
from municipal.sample import STREETS
from platform_core.accounts import selectors as accounts
from platform_core.accounts.models import OrgUnit
from platform_core.classification import selectors as classification
from platform_core.classification.enums import Kind
from platform_core.common import clock
from platform_core.geo.cells import cell
from platform_core.regions import selectors as regions
from platform_core.regions.enums import Level
from platform_core.regions.models import Division

DISTRICTS, STREET_COUNT, COMMUNITIES = 4, 2, 2
COLUMNS, ROWS, DUTY_COLUMNS = 6, 4, 3
WIDTH, HEIGHT = 0.00112, 0.0009
JITTER = 0.22
AREA = 10_000.0
VALID_FROM = date(2026, 7, 1)
COMPONENTS = (
    ("01001", "water", 10),
    ("01002", "municipal", 10),
    ("01003", "municipal", 12),
    ("01005", "municipal", 5),
    ("01011", "gas", 6),
    ("01013", "water", 3),
    ("01037", "municipal", 18),
    ("02004", "municipal", 3),
    ("03005", "sanitation", 10),
    ("04002", "landscape", 24),
    ("04007", "landscape", 4),
)
PER_GRID = 7
Point = tuple[float, float]


@dataclass(frozen=True)
class Block:
    """The cells of one community inside the lattice of its district."""

    community: str
    street: str
    column: int
    row: int


def load(units: dict[str, OrgUnit]) -> str:
    """Make the areas and components that are missing; how many there are."""
    if UnitGrid.objects.filter(is_sample=True).exists():
        return "areas are there"
    chance = random.Random(regions.own_division().code)  # noqa: S311
    inspectors = list(accounts.users_with_role("supervisor").order_by("username"))
    for index, district in enumerate(_districts()):
        people = inspectors[index % len(inspectors) :][:1] if inspectors else []
        _district(district, people, chance)
    regions.forget()
    places.forget()
    made = _components(units, chance)
    return f"{UnitGrid.objects.count()} unit grids, {made} components"


def _districts() -> list[Division]:
    own = regions.own_division().code
    found = regions.inside(own, Level.COUNTY).filter(lon__isnull=False).order_by("code")
    known = [row for row in found if row.code in STREETS]
    return (known or list(found))[:DISTRICTS]


def _district(district: Division, people: list, chance: random.Random) -> None:
    """Streets from west to east, communities from north to south."""
    names = STREETS.get(district.code, ("城区街道", "新城街道"))
    blocks = []
    for number in range(STREET_COUNT):
        name = names[number % len(names)]
        street = f"{district.code}{number + 1:03d}"
        Division.objects.get_or_create(
            code=street,
            defaults=_division(name, district.code, Level.STREET),
        )
        for part in range(COMMUNITIES):
            community = f"{street}{part + 1:03d}"
            title = f"{name.removesuffix('街道')}第{'一二三四'[part]}社区"
            Division.objects.get_or_create(
                code=community, defaults=_division(title, street, Level.COMMUNITY)
            )
            blocks.append(Block(community, title, number * COLUMNS, part * ROWS))
    corners = _lattice(district, chance)
    for block in blocks:
        _block(block, corners, people)


def _division(name: str, parent: str, level: Level) -> dict[str, object]:
    return {"name": name, "parent_id": parent, "level": level, "is_sample": True}


def _lattice(district: Division, chance: random.Random) -> list[list[Point]]:
    """Shared corners, so that neighbours touch without gap or overlap."""
    columns, rows = STREET_COUNT * COLUMNS, COMMUNITIES * ROWS
    west = (district.lon or 0) - columns * WIDTH / 2
    north = (district.lat or 0) + rows * HEIGHT / 2
    return [
        [
            (
                round(west + (x + chance.uniform(-JITTER, JITTER)) * WIDTH, 7),
                round(north - (y + chance.uniform(-JITTER, JITTER)) * HEIGHT, 7),
            )
            for x in range(columns + 1)
        ]
        for y in range(rows + 1)
    ]


def _block(block: Block, corners: list[list[Point]], people: list) -> None:
    duty = []
    for number in range(COLUMNS // DUTY_COLUMNS):
        code = f"{block.community}Z{number + 1:03d}"
        name = f"{block.street}第{number + 1}责任网格"
        made = DutyGrid.objects.create(
            code=code, name=name, community_id=block.community, is_sample=True
        )
        made.supervisors.set(people)
        duty.append(made)
    UnitGrid.objects.bulk_create(_grids(block, corners, duty))


def _grids(
    block: Block, corners: list[list[Point]], duty: list[DutyGrid]
) -> Iterator[UnitGrid]:
    for y in range(ROWS):
        for x in range(COLUMNS):
            row, column = block.row + y, block.column + x
            ring = [
                corners[row][column],
                corners[row][column + 1],
                corners[row + 1][column + 1],
                corners[row + 1][column],
            ]
            yield UnitGrid(
                code=f"{block.community}{y * COLUMNS + x + 1:03d}",
                community_id=block.community,
                duty_grid=duty[x // DUTY_COLUMNS],
                geometry={
                    "type": "Polygon",
                    "coordinates": [[list(corner) for corner in (*ring, ring[0])]],
                },
                lon=sum(corner[0] for corner in ring) / 4,
                lat=sum(corner[1] for corner in ring) / 4,
                area=AREA,
                valid_from=VALID_FROM,
                is_sample=True,
            )


def inside(grid: UnitGrid, chance: random.Random) -> Point:
    """A position well inside a grid."""
    return (
        round(grid.lon + chance.uniform(-0.28, 0.28) * WIDTH, 7),
        round(grid.lat + chance.uniform(-0.28, 0.28) * HEIGHT, 7),
    )


def _components(units: dict[str, OrgUnit], chance: random.Random) -> int:
    serials: dict[str, int] = {}
    today = clock.today()
    kinds = [row for row in COMPONENTS for _ in range(row[2])]
    rows = []
    for grid in UnitGrid.objects.filter(is_sample=True).iterator():
        for code, key, _weight in chance.choices(kinds, k=PER_GRID):
            found = classification.problem_class(Kind.COMPONENT, code, "2026")
            if found is None:
                continue
            prefix = f"{grid.code[:6]}{code}"
            serials[prefix] = serials.get(prefix, 0) + 1
            lon, lat = inside(grid, chance)
            rows.append(
                Component(
                    code=f"{prefix}{serials[prefix]:06d}",
                    edition="2026",
                    class_code=code,
                    class_name=found.name,
                    managing_unit=units.get(key),
                    maintaining_unit=units.get(key),
                    lon=lon,
                    lat=lat,
                    cell=cell(lon, lat),
                    grid_code=grid.code,
                    surveyed_on=min(VALID_FROM, today),
                    is_sample=True,
                )
            )
    Component.objects.bulk_create(rows, batch_size=1000)
    return len(rows)
