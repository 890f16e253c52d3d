"""The whole generated city, one part after the other."""

import random
from collections.abc import Callable
from time import perf_counter

from django.db import connection, transaction

from municipal.command.models import Case, UnitGrid
from platform_core.accounts import sample as accounts
from platform_core.common.errors import DomainError
from platform_core.regions import selectors as regions

from . import cases, clocks, components, places, tables

CASES = {"small": 20_000, "full": 3_000_000}
COMPONENTS = {"small": 50_000, "full": 2_330_000}
SEED = 20_260_101
FUNCTIONS = (
    "CREATE FUNCTION pg_temp.u(n bigint, salt int) RETURNS float8 IMMUTABLE"
    " PARALLEL SAFE LANGUAGE sql AS"
    " 'SELECT (hashint8extended(n, salt) & 1073741823) / 1073741824.0::float8'",
    "CREATE FUNCTION pg_temp.pick(n bigint, salt int, many bigint) RETURNS int"
    " IMMUTABLE PARALLEL SAFE LANGUAGE sql AS"
    " 'SELECT ((hashint8extended(n, salt) & 1073741823) % many)::int'",
)
GRIDS = """
CREATE TEMP TABLE seed_grid AS
SELECT (row_number() OVER (ORDER BY g.code) - 1)::int AS k, g.code, g.lon, g.lat,
    g.duty_grid_id, substr(g.code, 1, 6) AS division, substr(g.code, 1, 6) AS district,
    substr(g.code, 1, 9) AS street, substr(g.code, 1, 12) AS community,
    s.name AS street_name, c.name AS community_name,
    (SELECT min(user_id) FROM command_dutygrid_supervisors p
     WHERE p.dutygrid_id = g.duty_grid_id) AS inspector_id
FROM command_unitgrid g
JOIN regions_division c ON c.code = g.community_id
JOIN regions_division s ON s.code = c.parent_id
WHERE g.is_sample AND substr(g.code, 7, 3) >= %s
"""
UNITS = """
CREATE TEMP TABLE seed_unit AS
SELECT scope, (row_number() OVER (PARTITION BY scope ORDER BY unit_id) - 1)::int AS k,
    unit_id, unit_code, unit_name, handler_id
FROM (
    SELECT CASE WHEN o.division_id = %s THEN 'city' ELSE o.division_id END AS scope,
        o.id AS unit_id, o.code AS unit_code, o.name AS unit_name, min(u.id)
            AS handler_id
    FROM accounts_orgunit o
    JOIN accounts_user u ON u.unit_id = o.id
    JOIN accounts_user_groups m ON m.user_id = u.id
    JOIN auth_group r ON r.id = m.group_id AND r.name = 'dept_handler'
    WHERE o.is_sample GROUP BY o.id
) f
"""
SCOPES = """
CREATE TEMP TABLE seed_scope AS
SELECT scope, count(*) AS units FROM seed_unit GROUP BY scope
"""
CITY_UNITS = """
CREATE TEMP TABLE seed_city_units AS
SELECT array_agg(unit_id ORDER BY k) AS ids FROM seed_unit WHERE scope = 'city'
"""
DESKS = """
CREATE TEMP TABLE seed_desk AS
SELECT r.name AS role, array_agg(m.user_id ORDER BY m.user_id) AS ids,
    count(*) AS people
FROM accounts_user_groups m JOIN auth_group r ON r.id = m.group_id
JOIN accounts_user u ON u.id = m.user_id
WHERE u.is_sample AND r.name IN
    ('acceptor', 'duty_leader', 'dispatcher', 'bureau_leader')
GROUP BY r.name
"""


def build(
    scale: str, *, count: int | None, things: int | None, say: Callable[[str], None]
) -> None:
    """Generate the city in one transaction; DomainError where there is a real one."""
    count = CASES[scale] if count is None else count
    things = COMPONENTS[scale] if things is None else things
    check(count)
    chance = random.Random(SEED)  # noqa: S311  a repeatable city, no secret
    begun = perf_counter()

    def tell(text: str) -> None:
        say(f"{perf_counter() - begun:7.1f} s  {text}")

    with transaction.atomic():
        accounts.load()
        tell(places.build(places.SIZES[scale], chance))
        _tables()
        components.build(things)
        tell(f"{things} components")
        tell(f"{cases.build(count, chance)} cases with their steps")
        tell(f"{clocks.reckon()} of them open, with deadlines")
    tables.run("ANALYZE")
    tell("analysed")


def check(count: int) -> None:
    """Only an empty city of a PostgreSQL is filled."""
    if connection.vendor != "postgresql":
        raise DomainError(
            "seed_city writes set by set and needs PostgreSQL; "
            "on SQLite use seed_sample and simulate."
        )
    if count > cases.MOST_A_DAY * cases.DAYS:
        most = cases.MOST_A_DAY * cases.DAYS
        raise DomainError(f"At most {most} cases: task numbers count {cases.DAYS} days")
    if Case.objects.exists() or UnitGrid.objects.filter(is_sample=False).exists():
        raise DomainError(
            "There are cases or real unit grids here: seed_city fills an empty "
            "database only (after setup_node)."
        )


def _tables() -> None:
    """What the statements pick from."""
    tables.run(*FUNCTIONS)
    tables.run(GRIDS, values=[f"{places.FIRST_STREET:03d}"])
    tables.run(UNITS, values=[regions.own_division().code])
    tables.run(SCOPES, CITY_UNITS, DESKS)
    tables.run(*(f"ANALYZE seed_{name}" for name in ("grid", "unit", "scope", "desk")))
