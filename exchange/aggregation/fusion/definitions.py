"""What a fusion task must say, and whether it makes sense."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from exchange.interfaces.models import CodeList, Table
from platform_core.common.errors import DomainError
from platform_core.datasets import schema as schemas
from platform_core.geo import systems

from .enums import BlockKind, FieldKind, RuleKind, Survive

NAME = re.compile(r"[a-z]([a-z0-9]|_(?!_))*")
TEXT = {"type": "string", "maxLength": 200}
CODE = {"type": "string", "minLength": 1, "maxLength": 40}
SHARE = {"type": "number", "minimum": 0, "maximum": 1}
METRES = {"type": "number", "exclusiveMinimum": 0, "maximum": 100_000}
TEXTS = {"type": "array", "items": TEXT}


def _part(needed: Iterable[str], **known: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"code": CODE, **known},
        "required": ["code", *needed],
        "additionalProperties": False,
    }


FIELD = _part(
    ("name", "kind"),
    name=TEXT,
    kind={"enum": FieldKind.values},
    codes=TEXT,
    survive={"enum": Survive.values},
    order=TEXTS,
)
SOURCE = _part(
    ("name", "table", "picks"),
    name=TEXT,
    table=TEXT,
    source=TEXT,
    cleansed={"type": "boolean"},
    only_field=TEXT,
    only_values=TEXTS,
    system=TEXT,
    x=TEXT,
    y=TEXT,
    geometry=TEXT,
    updated=TEXT,
    distinct={"type": "boolean"},
    picks={"type": "object", "additionalProperties": TEXT},
)
RULE = _part(
    ("kind", "field", "weight"),
    kind={"enum": RuleKind.values},
    field=TEXT,
    weight={"type": "number", "minimum": 0.1, "maximum": 100},
    least=SHARE,
    metres=METRES,
)
BLOCK = _part(
    ("kind", "field"),
    kind={"enum": BlockKind.values},
    field=TEXT,
    size={"type": "integer", "minimum": 1, "maximum": 50},
    metres=METRES,
)
SECTIONS = {"fields": FIELD, "sources": SOURCE, "rules": RULE, "blocks": BLOCK}
LIMITS = {"same": 0.85, "review": 0.65, "evidence": 0.5}
SCHEMA = {
    "type": "object",
    "properties": {
        **{name: {"type": "array", "items": part} for name, part in SECTIONS.items()},
        **dict.fromkeys(LIMITS, SHARE),
        "title": TEXT,
    },
    "additionalProperties": False,
}
EMPTY: dict[str, Any] = {**{name: [] for name in SECTIONS}, **LIMITS, "title": ""}


def wrong(field: str, text: str) -> DomainError:
    """A refusal beside the field of the form it is about."""
    return DomainError(text, code="format", fields={field: text})


def check(given: Mapping[str, Any]) -> dict[str, Any]:
    """The definition with its defaults; DomainError says what is wrong where.

    A part may be missing still: `whole` says what publishing needs besides.
    """
    made = {**EMPTY, **given}
    problem = schemas.first_problem(schemas.validator(SCHEMA), made)
    if problem is not None:
        raise wrong(problem.field, f"{problem.field}: {problem.message}")
    _check_names(made)
    if made["review"] > made["same"]:
        text = _("Pairs to be reviewed must begin below those that are the same.")
        raise wrong("review", text)
    kinds = {one["code"]: one["kind"] for one in made["fields"]}
    for source in made["sources"]:
        _check_source(source, kinds)
    for rule in made["rules"]:
        _check_use(rule, kinds, rule["kind"] == RuleKind.DISTANCE)
    for block in made["blocks"]:
        _check_use(block, kinds, block["kind"] == BlockKind.NEAR)
    return made


def _check_names(made: Mapping[str, Any]) -> None:
    """Is every code there once, and what a field needs?"""
    for section in SECTIONS:
        codes = [one["code"] for one in made[section]]
        if len(set(codes)) != len(codes):
            raise wrong("code", _("There is one with this code already."))
    for one in made["fields"]:
        _check_field(one)
    kinds = [one["kind"] for one in made["fields"]]
    if kinds.count(FieldKind.POINT) > 1:
        raise wrong("kind", _("A subject has one place only."))


def _check_field(one: Mapping[str, Any]) -> None:
    if not NAME.fullmatch(one["code"]):
        text = _("Small letters, digits and single underscores, a letter first.")
        raise wrong("code", text)
    if one["kind"] != FieldKind.CODE:
        return
    if not CodeList.objects.filter(code=one.get("codes") or "").exists():
        text = _("There is no code list %(code)s.") % {"code": one.get("codes")}
        raise wrong("codes", text)


def _check_source(one: Mapping[str, Any], kinds: Mapping[str, str]) -> None:
    table = Table.objects.filter(code=one["table"]).first()
    if table is None:
        text = _("There is no table %(code)s.") % {"code": one["table"]}
        raise wrong("table", text)
    known = {field.code for field in table.fields}
    places = {name: one.get(name) for name in ("x", "y", "geometry", "updated")}
    used = {**places, "only_field": one.get("only_field"), **one["picks"]}
    for name, field in used.items():
        if field and field not in known:
            text = _("The table has no field %(name)s.") % {"name": field}
            raise wrong(name, text)
    for name in one["picks"]:
        if kinds.get(name) in (None, FieldKind.POINT):
            text = _("The subject has no field %(name)s.") % {"name": name}
            raise wrong("picks", text)
    if bool(one.get("x")) != bool(one.get("y")):
        raise wrong("y", _("A place needs both numbers."))
    try:
        systems.reader(one.get("system") or "cgcs2000")
    except systems.UnknownSystem as error:
        text = _("This coordinate system is not known.")
        raise wrong("system", text) from error


def _check_use(one: Mapping[str, Any], kinds: Mapping[str, str], place: bool) -> None:
    """Is the field of a rule or block there, and of the kind it needs?"""
    kind = kinds.get(one["field"])
    if kind is None:
        text = _("The subject has no field %(name)s.") % {"name": one["field"]}
        raise wrong("field", text)
    if (kind == FieldKind.POINT) != place:
        raise wrong("field", _("This field cannot be compared in this way."))


def whole(made: Mapping[str, Any]) -> None:
    """Refuse to publish what cannot run."""
    needs = {
        "fields": _("A subject needs at least one field."),
        "sources": _("A subject needs at least one source."),
        "rules": _("Say by which rules rows are compared."),
        "blocks": _("Say which rows are compared at all."),
    }
    for section, text in needs.items():
        if not made.get(section):
            raise DomainError(text)
    titles = [one["code"] for one in made["fields"] if one["kind"] != FieldKind.POINT]
    if made["title"] not in titles:
        raise DomainError(_("Say which field names a master record."))
