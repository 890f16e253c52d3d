"""Cases of a year with their processes and steps, as a few big statements."""

import json
import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import NOT_PROVIDED
from django.utils import timezone

from municipal.command.enums import PROCESS, TERMINAL
from municipal.command.models import Case
from platform_core.common import clock
from platform_core.common.models import Sequence
from platform_core.geo.cells import COLUMNS, LAT_STEP, LON_STEP
from platform_core.processes.selectors import published

from . import limits, tables
from .ways import variants

DAYS = 375
MOST_A_DAY = 9_999  # task numbers have four digits a day
STEP_COLUMNS = (
    *("variant", "seq", "action", "source", "target", "role", "off", "share"),
    *("passed", "shared", "note", "data", "late"),
)
MARKS = """
CREATE TEMP TABLE seed_variant AS
SELECT variant, max(seq) AS steps, max(off) AS off, max(share) AS share,
    min(off) FILTER (WHERE action = 'file') AS file_off,
    max(off) FILTER (WHERE action IN ('dispatch', 'redispatch')) AS send_off,
    max(share) FILTER (WHERE action = 'redispatch') AS send_share,
    bool_or(action = 'register') AS registered,
    bool_or(action = 'self_handle') AS own,
    bool_or(action = 'approve_extend') AS extended
FROM seed_step GROUP BY variant
"""
# One row for each case: what it is about, where, by whom, how fast.
DRAFT = """
CREATE TEMP TABLE seed_draft AS
SELECT d.*, reported_at + make_interval(secs => coalesce(v.send_off, 0)
        * stretch) AS sent_at, v.steps, v.off, v.share AS last_share, v.extended,
    v.file_off, v.send_off, g.district, g.inspector_id, s.unit_id, s.handler_id,
    s.unit_code, s.unit_name, c.limit_value, c.limit_unit
FROM (
    SELECT n,
        n %% %(daily)s AS serial,
        %(begin)s::timestamptz + make_interval(
            days => (n * %(days)s / %(cases)s)::int,
            secs => 6 * 3600 + floor(57600 * (pg_temp.u(n, 1) + pg_temp.u(n, 2)) / 2)
        ) AS reported_at,
        pg_temp.pick(n, 3, %(variants)s) AS variant,
        floor(power(pg_temp.u(n, 4), 1.7) * %(classes)s)::int AS class,
        pg_temp.pick(n, 5, %(grids)s) AS grid,
        0.5 + pg_temp.u(n, 6) AS stretch,
        CASE WHEN pg_temp.u(n, 7) < 0.07 THEN 1.02 + pg_temp.u(n, 8) * 0.5
            ELSE 0.04 + power(pg_temp.u(n, 8), 1.4) * 0.92 END AS pace
    FROM generate_series(0, %(cases)s - 1) n
) d
JOIN seed_variant v USING (variant)
JOIN seed_grid g ON g.k = d.grid
JOIN seed_class c ON c.k = d.class
JOIN seed_scope o ON o.scope =
    CASE WHEN pg_temp.u(d.n, 9) < 0.3 THEN 'city' ELSE g.district END
JOIN seed_unit s ON s.scope = o.scope AND s.k = pg_temp.pick(d.n, 10, o.units)
WHERE reported_at < %(now)s
"""
SPAN = """
CREATE TEMP TABLE seed_span AS
SELECT d.*, l.due + (d.sent_at - l.slot) AS due,
    extract(epoch FROM l.due - l.slot) * d.pace AS span
FROM seed_draft d
JOIN seed_limit l ON l.slot = date_trunc('hour', d.sent_at)
    AND l.value = d.limit_value AND l.unit = d.limit_unit
    AND l.extended = coalesce(d.extended, false)
"""
DONE = """
CREATE TEMP TABLE seed_case AS
SELECT p.*, t.seq AS made, t.target AS state,
    reported_at + make_interval(secs => t.off * stretch + t.share * span) AS since
FROM (
    SELECT d.*, CASE
        WHEN reported_at + make_interval(secs => off * stretch + last_share * span)
            <= %(now)s THEN steps
        ELSE (SELECT max(seq) FROM seed_step w WHERE w.variant = d.variant
            AND d.reported_at + make_interval(
                secs => w.off * d.stretch + w.share * d.span) <= %(now)s)
        END AS reached
    FROM seed_span d
) p
JOIN seed_step t ON t.variant = p.variant AND t.seq = p.reached
ORDER BY n  -- lies on disk as cases do that came one after the other
"""
PROCESSES = """
INSERT INTO processes_processinstance
    (id, definition_id, state, entered_at, step_count, started_at, ended_at)
SELECT %(process)s + n, %(definition)s, state, since, made, reported_at,
    CASE WHEN state = ANY(%(terminal)s) THEN since END
FROM seed_case
"""
STEPS = """
INSERT INTO processes_processstep (instance_id, seq, action, from_state, to_state,
    at, by_id, by_name, role, unit_name, note, data, elapsed_seconds, overdue)
SELECT %(process)s + n, seq, action, source, target, at, m.by_id,
    coalesce(u.full_name, ''), role, coalesce(o.short_name, ''), note,
    CASE role WHEN 'dept_handler'
        THEN data || jsonb_build_object('unit_code', unit_code, 'late', over)
        ELSE data END,
    elapsed, over
FROM (
    SELECT c.n, s.seq, s.action, s.source, s.target, s.role, s.note, s.data,
        c.unit_code,
        c.reported_at + make_interval(secs => s.off * c.stretch + s.share * c.span)
            AS at,
        greatest(0, s.passed * c.stretch + s.shared * c.span)::bigint AS elapsed,
        s.late OR (s.action = 'feedback' AND s.share * c.pace > 1) AS over,
        CASE s.role WHEN 'supervisor' THEN c.inspector_id
            WHEN 'dept_handler' THEN c.handler_id
            ELSE k.ids[1 + pg_temp.pick(c.n + s.seq, 18, k.people)] END AS by_id
    FROM seed_case c
    JOIN seed_step s ON s.variant = c.variant AND s.seq <= c.made
    LEFT JOIN seed_desk k ON k.role = s.role
) m
LEFT JOIN accounts_user u ON u.id = m.by_id
LEFT JOIN accounts_orgunit o ON o.id = u.unit_id
"""
ROUNDS = """
LEFT JOIN LATERAL (
    SELECT min(at) FILTER (WHERE action = 'file') AS filed,
        max(at) FILTER (WHERE action IN ('dispatch', 'redispatch')) AS sent,
        max(at) FILTER (WHERE action = 'feedback') AS handled,
        max(share) FILTER (WHERE action = 'feedback') AS handled_share,
        count(*) FILTER (WHERE target = 'rework')::int AS reworks,
        count(*) FILTER (WHERE action = 'return')::int AS returns,
        count(*) FILTER (WHERE action = 'approve_extend')::int AS extensions,
        bool_or(action = 'verify_true') AS verified,
        bool_or(action = 'check_pass') AS passed
    FROM (
        SELECT w.action, w.target, w.share, c.reported_at
            + make_interval(secs => w.off * c.stretch + w.share * c.span) AS at
        FROM seed_step w WHERE w.variant = c.variant AND w.seq <= c.made
    ) w
) r ON true
"""
WITH_UNIT = "c.state <> 'returned' AND r.sent IS NOT NULL"
DAY = "to_char(c.reported_at AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDD')"
LON = "round((g.lon + (pg_temp.u(c.n, 21) - 0.5) * 0.0009)::numeric, 7)::float8"
LAT = "round((g.lat + (pg_temp.u(c.n, 22) - 0.5) * 0.0007)::numeric, 7)::float8"
SOURCE = (
    "CASE WHEN v.own THEN '02' WHEN v.registered THEN"
    " (ARRAY['03','04','05','06','13','12'])[1 + pg_temp.pick(c.n, 23, 6)]"
    " ELSE '01' END"
)
VALUES = {
    "id": "%(first)s + c.n",
    "created_at": "c.reported_at",
    "updated_at": "c.since",
    "uid": "(lpad(to_hex((extract(epoch FROM c.reported_at) * 1000)::bigint), 12, '0')"
    " || '7' || substr(md5(c.n::text), 1, 3) || '8' || substr(md5(c.n::text), 4, 15)"
    ")::uuid",
    "origin": "%(origin)s",
    "revision": "c.made",
    "number": f"c.district || ({SOURCE}) || {DAY} || lpad(c.serial::text, 6, '0')",
    "task_number": f"CASE WHEN r.filed IS NULL THEN '' ELSE {DAY}"
    " || lpad(c.serial::text, 4, '0') END",
    "source_id": SOURCE,
    "reported_by_id": "CASE WHEN v.registered THEN"
    " k.ids[1 + pg_temp.pick(c.n + 1, 18, k.people)] ELSE c.inspector_id END",
    "reporter": "CASE WHEN v.registered THEN"
    " substr('王李张刘陈杨赵黄', 1 + pg_temp.pick(c.n, 24, 8), 1)"
    " || '先生' ELSE '' END",
    "contact": "CASE WHEN v.registered THEN"
    " '1380000' || lpad(pg_temp.pick(c.n, 25, 10000)::text, 4, '0') ELSE '' END",
    "edition": "t.edition",
    "class_kind": "t.kind",
    "class_code": "t.code",
    "class_name": "t.name",
    "condition": "CASE WHEN r.filed IS NULL THEN '' ELSE t.condition END",
    "description": "g.community_name || '附近发现' || t.text",
    "address": "g.street_name || (1 + pg_temp.pick(c.n, 26, 180)) || '号'",
    "lon": LON,
    "lat": LAT,
    "cell": f"floor(({LAT} + 90) / {LAT_STEP})::bigint * {COLUMNS}"
    f" + floor(({LON} + 180) / {LON_STEP})::bigint",
    "grid_code": "g.code",
    "duty_grid_id": "g.duty_grid_id",
    "division_code": "g.district",
    "street_code": "g.street",
    "community_code": "g.community",
    "component_code": "''",
    "process_id": "%(process)s + c.n",
    "state": "c.state",
    "stage": "coalesce((%(stages)s::jsonb ->> c.state)::int, 0)",
    "state_since": "c.since",
    "reported_at": "c.reported_at",
    "filed_at": "r.filed",
    "dispatched_at": "r.sent",
    "handled_at": "r.handled",
    "closed_at": "CASE WHEN c.state IN ('closed', 'forced_closed') THEN c.since END",
    "handling_unit_id": "CASE WHEN r.sent IS NOT NULL THEN c.unit_id END",
    "field_inspector_id": "CASE WHEN r.verified OR r.passed OR c.state IN"
    " ('verifying', 'checking') THEN c.inspector_id END",
    "limit_value": "CASE WHEN r.filed IS NOT NULL THEN c.limit_value END",
    "limit_unit": "CASE WHEN r.filed IS NOT NULL THEN c.limit_unit ELSE '' END",
    "extended_value": "r.extensions * c.limit_value",
    "clock_started_at": f"CASE WHEN {WITH_UNIT} THEN r.sent END",
    "handling_deadline": f"CASE WHEN {WITH_UNIT} THEN c.due END",
    "overdue_at": "CASE WHEN r.handled_share * c.pace > 1 THEN c.due END",
    "on_time": "CASE WHEN r.handled IS NOT NULL THEN r.handled_share * c.pace <= 1 END",
    "verify_finding": "CASE WHEN r.verified THEN 'true' ELSE '' END",
    "check_finding": "CASE WHEN r.passed THEN 'passed' ELSE '' END",
    "is_urgent": "pg_temp.u(c.n, 27) < 0.04",
    "return_count": "r.returns",
    "rework_count": "r.reworks",
    "extend_count": "r.extensions",
    "is_missed": "v.registered AND pg_temp.u(c.n, 28) < 0.1",
}
FROM = f"""
FROM seed_case c
JOIN seed_variant v USING (variant)
JOIN seed_grid g ON g.k = c.grid
JOIN seed_class t ON t.k = c.class
LEFT JOIN seed_desk k ON k.role = 'acceptor'
{ROUNDS}
"""


def build(count: int, chance: random.Random) -> int:
    """Write so many cases up to now; how many there are at the end."""
    now = clock.now()
    known = _known(count, now)
    first = clock.today() - timedelta(days=DAYS - 1)
    known["classes"] = limits.load(first, clock.today() + timedelta(days=1))
    _steps(chance)
    known["variants"] = tables.rows("SELECT count(*) FROM seed_variant")[0][0]
    for statement in (DRAFT, SPAN, DONE):
        tables.run(statement, values=known)
    tables.run("ANALYZE seed_case", "ANALYZE seed_step", "ANALYZE seed_grid")
    with tables.bare(
        "processes_processinstance", "processes_processstep", "command_case"
    ):
        for statement in (PROCESSES, STEPS, insert()):
            tables.run(statement, values=known)
    _go_on(known)
    made: int = tables.rows("SELECT count(*) FROM seed_case")[0][0]
    return made


def _known(count: int, now: datetime) -> dict[str, Any]:
    """What the statements are told."""
    first = clock.today() - timedelta(days=DAYS - 1)
    process = published(PROCESS)
    stages = {state.code: state.stage for state in process.definition.states}
    highest = "SELECT coalesce(max(id), 0) + 1 FROM "
    return {
        "cases": count,
        "days": DAYS,
        "daily": max(1, -(-count // DAYS)),
        "begin": timezone.make_aware(datetime.combine(first, time())),
        "now": now,
        "grids": tables.rows("SELECT count(*) FROM seed_grid")[0][0],
        "first": tables.rows(highest + "command_case")[0][0],
        "process": tables.rows(highest + "processes_processinstance")[0][0],
        "definition": process.pk,
        "terminal": [str(state) for state in TERMINAL],
        "stages": json.dumps(stages),
        "origin": Case(cell=0).origin,
    }


def _steps(chance: random.Random) -> None:
    tables.run(
        "CREATE TEMP TABLE seed_step (variant int, seq int, action text, source text,"
        " target text, role text, off float8, share float8, passed float8,"
        " shared float8, note text, data jsonb, late bool)"
    )
    tables.fill("seed_step", STEP_COLUMNS, list(_step_rows(chance)))
    tables.run("CREATE INDEX ON seed_step (variant, seq)", MARKS)


def _step_rows(chance: random.Random) -> Iterator[tuple[Any, ...]]:
    known = published(PROCESS).definition
    for number, way in variants(chance):
        for pace in way:
            step = pace.step
            name = known.by_code[step.source].clock
            limit = known.limit(step.source)
            # Desks work round the clock here, so their limits count as they are.
            used = pace.passed / (limit.value * 3600) if limit else 0.0
            late = bool(limit) and used > 1
            data = {"clock": name, "late": late, "used": round(used, 4)} if name else {}
            note = f"{step.name}。" if step.reason_required else ""
            yield (
                number,
                pace.seq,
                step.action,
                step.source,
                step.target,
                step.role,
                pace.offset,
                pace.share,
                pace.passed,
                pace.shared,
                note,
                json.dumps(data),
                late,
            )


def insert() -> str:
    """The statement that writes the cases; columns not named get their default."""
    columns, values = [], []
    for field in Case._meta.concrete_fields:
        value = VALUES.get(str(field.column)) or _default(field)
        if value is not None:
            columns.append(str(field.column))
            values.append(value)
    return (
        f"INSERT INTO command_case ({', '.join(columns)})"
        f" SELECT {', '.join(values)} {FROM} ORDER BY c.n"
    )


def _default(field: Any) -> str | None:
    """A column's default as SQL; None where NULL will do."""
    if field.null:
        return None
    if field.get_internal_type() == "JSONField":
        return f"'{json.dumps(field.get_default())}'::jsonb"
    if field.default is NOT_PROVIDED:
        return "''" if field.empty_strings_allowed else None
    value = field.get_default()
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, int | float | str) else "''"


def _go_on(known: dict[str, Any]) -> None:
    """Let keys and serial numbers continue behind the generated ones."""
    for table in ("command_case", "processes_processinstance"):
        tables.run(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"  # noqa: S608
            f" (SELECT max(id) FROM {table}))"
        )
    day: date = clock.today()
    names = [
        f"case.{kind}:{district}:{day:%Y%m%d}"
        for kind in ("number", "task")
        for (district,) in tables.rows("SELECT DISTINCT district FROM seed_grid")
    ]
    Sequence.objects.bulk_create(
        [Sequence(name=name, value=known["daily"]) for name in names],
        update_conflicts=True,
        update_fields=["value"],
        unique_fields=["name"],
    )
