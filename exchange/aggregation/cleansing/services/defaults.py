"""The first rules of a table, out of what its fields declare."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from exchange.aggregation.cleansing.enums import ActionKind, RuleKind
from exchange.aggregation.cleansing.models import Rule
from exchange.interfaces.enums import Kind, Need
from exchange.interfaces.models import CodeList, Field, Table
from platform_core.common.models import own_node
from platform_core.regions import selectors as regions

TYPES = {
    Kind.INTEGER: "integer",
    Kind.DECIMAL: "decimal",
    Kind.DATE: "date",
    Kind.DATETIME: "datetime",
    Kind.BOOLEAN: "boolean",
}
# Words in the names of fields that have a form of their own.
NAMED = {
    "credit_code": RuleKind.CREDIT_CODE,
    "uscc": RuleKind.CREDIT_CODE,
    "phone": RuleKind.PHONE,
    "mobile": RuleKind.PHONE,
    "id_number": RuleKind.IDENTITY_NUMBER,
    "id_card": RuleKind.IDENTITY_NUMBER,
}
PLACE = (("lon", "lat"), ("longitude", "latitude"))


def rules_of(table: Table) -> list[Rule]:
    """Unsaved rules: filled, type, length, code list, form, key, place."""
    lists = set(CodeList.objects.values_list("code", flat=True))
    made = [rule for field in table.fields for rule in _of_field(field, lists)]
    keys = table.keys
    if keys and len(keys) <= 6:
        made.append(_rule(RuleKind.UNIQUE, keys, _("Key is unique")))
    made.extend(_places({field.code for field in table.fields}))
    for place, rule in enumerate(made, 1):
        rule.place = place
    return made


def _of_field(field: Field, lists: set[str]) -> Iterator[Rule]:
    names, label = [field.code], field.name
    if field.need == Need.MANDATORY:
        yield _rule(RuleKind.REQUIRED, names, _("%s is filled") % label)
    if field.kind in TYPES:
        parameters = {"type": TYPES[Kind(field.kind)]}
        yield _rule(
            RuleKind.TYPE,
            names,
            _("%s has its type") % label,
            ActionKind.FIX,
            parameters,
        )
    elif field.length and field.kind in (Kind.STRING, Kind.TEXT):
        most = {"most": field.length}
        yield _rule(
            RuleKind.LENGTH,
            names,
            _("%s is not too long") % label,
            ActionKind.FIX,
            most,
        )
    if field.code_list in lists:
        codes = {"list": field.code_list}
        yield _rule(
            RuleKind.CODE_LIST, names, _("%s is a code") % label, ActionKind.FIX, codes
        )
    kind = next((NAMED[word] for word in NAMED if field.code.endswith(word)), None)
    if kind is not None and field.kind == Kind.STRING:
        yield _rule(kind, names, _("%s is valid") % label, ActionKind.FIX)


def _places(names: set[str]) -> Iterator[Rule]:
    code = regions.node_division(own_node())
    for pair in PLACE:
        if names.issuperset(pair) and regions.boundary(code):
            yield _rule(RuleKind.COORDINATES, list(pair), _("Lies inside the division"))


def _rule(
    kind: RuleKind,
    fields: list[str],
    name: str,
    action: ActionKind = ActionKind.RETURN,
    parameters: dict[str, Any] | None = None,
) -> Rule:
    return Rule(
        code=code_of(kind, fields),
        kind=kind,
        fields=fields,
        name=name[:120],
        action=action,
        parameters=parameters or {},
    )


def code_of(kind: str, fields: list[str]) -> str:
    """A stable code of a rule out of what it looks at."""
    return "-".join([kind, *fields])[:80]
