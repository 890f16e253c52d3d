"""Rules as the engine takes them: code lists, keys of tables, outlines looked up."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from exchange.aggregation.cleansing.engine import run as engine
from exchange.aggregation.cleansing.engine.rules import (
    Action,
    RuleError,
    Severity,
)
from exchange.aggregation.cleansing.engine.rules import Rule as EngineRule
from exchange.aggregation.cleansing.enums import RuleKind
from exchange.aggregation.cleansing.errors import told
from exchange.aggregation.cleansing.models import Rule
from exchange.interfaces import selectors as landed
from exchange.interfaces.models import CodeList, Table
from platform_core.common.errors import DomainError
from platform_core.common.models import own_node
from platform_core.regions import selectors as regions


def resolve(rules: Iterable[Rule], folder: Path | None = None) -> list[EngineRule]:
    """The rules for the engine; DomainError for one that cannot be applied.

    `folder` takes the keys of other tables; without one they are not looked up,
    which is enough to check the rules.
    """
    made = [one(rule, folder) for rule in rules]
    try:
        engine.check(made)
    except RuleError as error:
        raise told(error) from error
    return made


def one(rule: Rule, folder: Path | None = None) -> EngineRule:
    """One rule for the engine."""
    parameters = dict(rule.parameters)
    keys: Path | Sequence[str] = ()
    if rule.kind == RuleKind.CODE_LIST:
        keys, parameters = _codes(parameters)
    elif rule.kind == RuleKind.REFERENCE:
        keys = _references(rule, parameters, folder)
    elif rule.kind == RuleKind.COORDINATES:
        parameters["area"] = _area(str(parameters.get("division") or ""))
    return EngineRule(
        rule.kind,
        tuple(rule.fields),
        parameters,
        Action(rule.action),
        Severity(rule.severity),
        keys,
    )


def _codes(parameters: dict[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """The codes of a list; what its values are called stands for them too."""
    given = list(parameters.get("codes") or [])
    name = parameters.get("list")
    if not name:
        return given, parameters
    found = CodeList.objects.filter(code=name).first()
    if found is None:
        text = _("There is no code list %(code)s.") % {"code": name}
        raise DomainError(text, fields={"list": text})
    names = {
        str(value["name"]): str(value["code"])
        for value in found.values
        if value.get("name")
    }
    aliases = {**names, **(parameters.get("aliases") or {})}
    return found.codes, {**parameters, "aliases": aliases}


def _references(rule: Rule, parameters: dict[str, Any], folder: Path | None) -> Path:
    """A file of the keys of another table, one a line."""
    code, field = parameters.get("table"), parameters.get("field")
    table = Table.objects.filter(code=code or "").first()
    if table is None:
        text = _("There is no table %(code)s.") % {"code": code}
        raise DomainError(text, fields={"table": text})
    if field not in {one.code for one in table.fields}:
        text = _("The table has no field %(name)s.") % {"name": field}
        raise DomainError(text, fields={"field": text})
    if folder is None:
        return Path()
    target = folder / f"keys-{rule.pk}.txt"
    with target.open("w", encoding="utf-8") as stream:
        for _pk, content in landed.stream(table):
            value = content.get(str(field))
            if value not in (None, ""):
                stream.write(str(value).replace("\n", " ") + "\n")
    return target


def _area(division: str) -> dict[str, Any]:
    """The outline of a division, our own one without a code."""
    code = division or regions.node_division(own_node())
    found = regions.boundary(code)
    if found is None:
        text = _("No outline of the division %(code)s is known here.") % {"code": code}
        raise DomainError(text, fields={"division": text})
    return dict(found)
