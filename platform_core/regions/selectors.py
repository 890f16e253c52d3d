"""Reads of divisions and platforms."""

from functools import lru_cache

from django.db.models import QuerySet

from platform_core.common.errors import DomainError
from platform_core.common.models import own_node

from .codes import node_division, node_prefix, prefix_of, within
from .enums import Level
from .models import Division, Node

__all__ = [
    "children",
    "division",
    "find_division",
    "lineage",
    "node_division",
    "node_prefix",
    "own",
    "own_division",
    "prefix_of",
    "within",
]


@lru_cache(maxsize=8192)
def _known(code: str) -> Division:
    return Division.objects.defer("boundary").get(pk=code)


def forget() -> None:
    """Drop the divisions that this process remembers, after a load."""
    _known.cache_clear()


def find_division(code: str) -> Division | None:
    """The division with this code, None for an unknown one; remembered."""
    try:
        return _known(code)
    except Division.DoesNotExist:
        return None


def name_of(code: str) -> str:
    """How people call a division; its code where it is not known."""
    found = find_division(code)
    return found.label if found else code


def division(code: str) -> Division:
    """The division with this code; DomainError for an unknown one."""
    found = find_division(code)
    if found is None:
        raise DomainError(
            f"Unknown division {code}", code="reference_missing", fields={}
        )
    return found


def lineage(code: str) -> list[Division]:
    """The division and all above it, the nation first."""
    found: list[Division] = []
    current: str | None = code
    while current:
        one = division(current)
        found.insert(0, one)
        current = one.parent_id
    return found


def children(code: str) -> QuerySet[Division]:
    """The divisions right below this one, without their boundaries."""
    return Division.objects.filter(parent_id=code).defer("boundary")


def inside(code: str, level: Level | str | None = None) -> QuerySet[Division]:
    """All divisions inside this one, itself included, perhaps of one level."""
    found = Division.objects.filter(code__startswith=prefix_of(code)).defer("boundary")
    return found.filter(level=level) if level else found


def boundary(code: str) -> dict[str, object] | None:
    """The outline of a division as GeoJSON geometry, where one is known."""
    return Division.objects.filter(pk=code).values_list("boundary", flat=True).first()


def own() -> Node | None:
    """The row of this platform itself."""
    return Node.objects.filter(code=own_node()).select_related("division").first()


def own_division() -> Division:
    """The division that this platform serves."""
    return division(node_division(own_node()))
