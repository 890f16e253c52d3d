"""Cases and the places they happen in."""

from .cases import Case, CaseQuerySet, CaseSource
from .places import Component, DutyGrid, UnitGrid

__all__ = [
    "Case",
    "CaseQuerySet",
    "CaseSource",
    "Component",
    "DutyGrid",
    "UnitGrid",
]
