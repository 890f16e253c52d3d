"""Definitions, scores and origins in words for people."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from .enums import BlockKind, FieldKind, RuleKind, Survive
from .models import TaskVersion

SECTIONS = {
    "sources": gettext_lazy("Sources"),
    "fields": gettext_lazy("Fields of the subject"),
    "blocks": gettext_lazy("Which rows are compared"),
    "rules": gettext_lazy("How they are compared"),
    "": gettext_lazy("Thresholds"),
}
WHYS = {
    "single": pgettext_lazy("survivorship", "The only row"),
    "only": pgettext_lazy("survivorship", "The only row that has a value"),
    **dict(Survive.choices),
}


class Part(NamedTuple):
    """A part of a definition as a line of a table."""

    code: str
    label: str
    kind: str
    text: str


class Section(NamedTuple):
    """A table of parts."""

    name: str
    label: object
    parts: list[Part]


def section_name(name: str) -> str:
    """What a section is called."""
    return str(SECTIONS.get(name, name))


def names(version: TaskVersion | None, section: str) -> dict[str, str]:
    """What the fields or sources of a version are called, by code."""
    parts = version.part(section) if version else []
    return {one["code"]: one["name"] for one in parts}


def why(code: str) -> str:
    """Why a row gave a value."""
    return str(WHYS.get(code, code))


def described(version: TaskVersion) -> list[Section]:
    """The parts of a definition."""
    known = names(version, "fields")
    return [
        Section(name, SECTIONS[name], [tell(one, known) for one in version.part(name)])
        for name, tell in TELLERS.items()
    ]


def _source(one: dict[str, Any], names: dict[str, str]) -> Part:
    picks = [f"{names.get(name, name)} ← {pick}" for name, pick in one["picks"].items()]
    numbers = [one[name] for name in ("x", "y") if one.get(name)]
    place = one.get("geometry") or " / ".join(numbers)
    if place:
        picks.append(f"{place} ({one.get('system') or 'cgcs2000'})")
    if one.get("only_field"):
        picks.append(f"{one['only_field']} = {', '.join(one['only_values'])}")
    table = f"{one['table']} · {one['source']}" if one.get("source") else one["table"]
    return Part(one["code"], one["name"], table, "; ".join(picks))


def _field(one: dict[str, Any], names: dict[str, str]) -> Part:
    kind = FieldKind(one["kind"]).label
    text = str(Survive(one.get("survive") or "priority").label)
    if one.get("order"):
        text = f"{text}: {' > '.join(one['order'])}"
    shown = f"{kind} ({one['codes']})" if one.get("codes") else str(kind)
    return Part(one["code"], one["name"], shown, text)


def _block(one: dict[str, Any], names: dict[str, str]) -> Part:
    kind, text = BlockKind(one["kind"]), ""
    if kind == BlockKind.PREFIX:
        text = _("%(count)s characters") % {"count": one.get("size", 2)}
    if kind == BlockKind.NEAR:
        text = _("%(count)s metres") % {"count": one.get("metres", 100)}
    name = names.get(one["field"], one["field"])
    return Part(one["code"], name, str(kind.label), text)


def _rule(one: dict[str, Any], names: dict[str, str]) -> Part:
    kind = RuleKind(one["kind"])
    parts = [_("weight %(weight)s") % {"weight": one["weight"]}]
    if kind == RuleKind.DISTANCE:
        parts.append(_("%(count)s metres") % {"count": one.get("metres", 100)})
    if one.get("least"):
        parts.append(_("at least %(share)s") % {"share": one["least"]})
    name = names.get(one["field"], one["field"])
    return Part(one["code"], name, str(kind.label), ", ".join(parts))


TELLERS: dict[str, Callable[[dict[str, Any], dict[str, str]], Part]] = {
    "sources": _source,
    "fields": _field,
    "blocks": _block,
    "rules": _rule,
}


def rule_words(
    parts: list[dict[str, Any]], names: dict[str, str]
) -> list[dict[str, Any]]:
    """What each rule gave to a score, with the names of rule and field."""
    return [
        {
            **one,
            "kind": RuleKind(one["kind"]).label,
            "name": names.get(one["field"], one["field"]),
            "percent": None if one["alike"] is None else round(100 * one["alike"]),
        }
        for one in parts
    ]
