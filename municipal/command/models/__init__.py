"""Cases, their rules and requests, and the places they happen in."""

from .cases import Case, CaseQuerySet, CaseSource, light_of
from .places import Component, DutyGrid, UnitGrid
from .requests import CaseAlert, CaseFollow, CaseRequest
from .rules import CaseRules, GradedArea

__all__ = [
    "Case",
    "CaseAlert",
    "CaseFollow",
    "CaseQuerySet",
    "CaseRequest",
    "CaseRules",
    "CaseSource",
    "Component",
    "DutyGrid",
    "GradedArea",
    "UnitGrid",
    "light_of",
]
