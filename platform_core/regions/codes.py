"""Arithmetic of division codes; pure functions."""

from django.db.models import Q

from .enums import NATION_CODE, NOWHERE


def prefix_of(code: str) -> str:
    """The leading digits that every division inside this one shares.

    100000 → "", 370000 → "37", 370200 → "3702", 370202 → "370202"; codes of
    streets and communities are prefixes as they are.
    """
    if code == NATION_CODE:
        return ""
    if len(code) != 6:
        return code
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return code


def within(code: str, other: str) -> bool:
    """Whether the division `code` is `other` or lies inside it."""
    return code == other or (
        code != NATION_CODE and code.startswith(prefix_of(other)) and bool(code)
    )


def node_division(node_code: str) -> str:
    """The division that a platform serves: M37020001 → 370200."""
    return node_code[1:7]


def node_prefix(node_code: str) -> str:
    """The leading digits of all divisions that a platform serves."""
    return prefix_of(node_division(node_code))


def range_q(prefix: str, field: str) -> Q:
    """Codes that begin with the digits, as a range that an index can serve."""
    if not prefix:
        return Q()
    if prefix == NOWHERE:
        return Q(pk__in=[])
    end = str(int(prefix) + 1)
    return Q(**{f"{field}__gte": prefix, f"{field}__lt": end})
