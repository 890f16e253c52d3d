"""The document of a scheme: read into a plan, checked with all problems named."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from . import scoring
from .scoring import ASSIST, LEAD, Band, Bands, Formula, Grade, Indicator, Plan

TERM = re.compile(r"\s*([+-]?)\s*([a-z][a-z0-9_]*)\s*")
COLOURS = ("green", "blue", "yellow", "orange", "red")
PARTS = (LEAD, ASSIST)
Body = Mapping[str, Any]


def formula(text: str) -> Formula:
    """Measures with + and - between them; ValueError where it is something else."""
    found, at = [], 0
    while at < len(text):
        term = TERM.match(text, at)
        if term is None or (at > 0 and not term[1]):
            raise ValueError(text)
        found.append((-1 if term[1] == "-" else 1, term[2]))
        at = term.end()
    return tuple(found)


def number(value: Any) -> Decimal:
    """A finite number; ValueError where it is none."""
    try:
        found = Decimal(str(value))
    except InvalidOperation as problem:
        raise ValueError(str(value)) from problem
    if not found.is_finite():
        raise ValueError(str(value))
    return found


def bands(rows: Iterable[Any]) -> Bands:
    """A band table of pairs: up to which count, which score."""
    return tuple(
        Band(None if upto is None else number(upto), number(score))
        for upto, score in rows
    )


def indicator(row: Body) -> Indicator:
    """One indicator of a document."""
    return Indicator(
        code=row["code"],
        weight=number(row["weight"]),
        above=formula(row["above"]),
        below=formula(row.get("below", "")),
        positive=row.get("positive", True),
        bands=bands(row.get("bands", ())),
        scaled=row.get("scaled", False),
        part=row.get("part", LEAD),
    )


def plan(body: Body) -> Plan:
    """What the scoring functions need of a document."""
    return Plan(
        indicators=tuple(indicator(row) for row in body["indicators"]),
        grades=tuple(
            Grade(row["code"], number(row["least"]), row["colour"])
            for row in body["grades"]
        ),
        assist_share=number(body.get("assist_share", 0)),
        own_bands={
            group["code"]: {
                code: bands(rows) for code, rows in group.get("bands", {}).items()
            }
            for group in body.get("groups", ())
        },
    )


def measures(body: Body) -> list[str]:
    """The measures that a document counts with, in their order, each once."""
    rows = [indicator(row) for row in body["indicators"]]
    found = (name for row in rows for _sign, name in row.above + row.below)
    return list(dict.fromkeys(found))


# What is wrong with a document -------------------------------------------------


def problems(body: Body, known: Iterable[str]) -> list[str]:
    """All problems in words; an empty list where the document can be used."""
    try:
        found = plan(body)
    except (KeyError, TypeError, ValueError) as problem:
        return [_("The scheme cannot be read: %(what)s") % {"what": problem}]
    return [
        *_weights(found),
        *_indicators(found, set(known)),
        *_tables(found),
        *_grades(found.grades),
        *_groups(body, {row.code for row in found.indicators}),
    ]


def _weights(found: Plan) -> Iterable[str]:
    if not 0 <= found.assist_share < scoring.HUNDRED:
        yield _("The share of assisting must be from 0 to below 100.")
    if any(row.weight <= 0 for row in found.indicators):
        yield _("Every weight must be above 0.")
    for part in PARTS:
        rows = [row.weight for row in found.indicators if row.part == part]
        if (rows or part == LEAD) and sum(rows) != scoring.HUNDRED:
            words = _("The weights of %(part)s come to %(sum)s; they must come to 100.")
            name = _("assisting") if part == ASSIST else _("leading")
            yield words % {"part": name, "sum": sum(rows)}
    assisting = any(row.part == ASSIST for row in found.indicators)
    if assisting != (found.assist_share > 0):
        yield _("A share of assisting needs assisting indicators, and the reverse.")


def _indicators(found: Plan, known: set[str]) -> Iterable[str]:
    codes = [row.code for row in found.indicators]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield _("%(code)s is there twice.") % {"code": code}
    for row in found.indicators:
        if not row.above:
            yield _("%(code)s counts nothing.") % {"code": row.code}
        if not row.bands and not row.below:
            yield _("%(code)s needs a denominator or bands.") % {"code": row.code}
        if row.part not in PARTS:
            yield _("%(code)s is neither leading nor assisting.") % {"code": row.code}
        for _sign, name in row.above + row.below:
            if name not in known:
                yield _("%(code)s counts with %(name)s, which is not counted.") % {
                    "code": row.code,
                    "name": name,
                }


def _tables(found: Plan) -> Iterable[str]:
    own = (table for group in found.own_bands.values() for table in group.items())
    general = ((row.code, row.bands) for row in found.indicators if row.bands)
    for code, rows in (*general, *own):
        yield from _table(code, rows)


def _table(code: str, rows: Bands) -> Iterable[str]:
    bounds = [row.upto for row in rows[:-1] if row.upto is not None]
    ordered = bounds == sorted(set(bounds)) and len(bounds) == len(rows) - 1
    if not ordered or rows[-1].upto is not None:
        yield _("The bands of %(code)s must rise; the last one is open.") % {
            "code": code
        }
    if any(not 0 <= row.score <= scoring.HUNDRED for row in rows):
        yield _("The scores of %(code)s must be from 0 to 100.") % {"code": code}


def _grades(rows: tuple[Grade, ...]) -> Iterable[str]:
    limits = [row.least for row in rows]
    if not rows or limits != sorted(set(limits), reverse=True) or limits[-1] != 0:
        yield _("The limits of the grades must fall and end with 0.")
    if any(row.colour not in COLOURS for row in rows):
        yield _("A grade has a colour that does not exist.")


def _groups(body: Body, codes: set[str]) -> Iterable[str]:
    seen: set[str] = set()
    for group in body.get("groups", ()):
        members = set(group.get("members", ()))
        for code in sorted(members & seen):
            yield _("%(code)s is in two groups.") % {"code": code}
        seen |= members
        for code in sorted(set(group.get("bands", {})) - codes):
            yield _("The group %(group)s has bands for %(code)s, which is missing.") % {
                "group": group.get("name", group["code"]),
                "code": code,
            }
