"""Tables of the catalogue."""

from .measures import Measure, TouchCount
from .resources import Edition, Metadata, Resource
from .stores import Backup, StoreMeasure
from .themes import Theme
from .uses import Use

__all__ = [
    "Backup",
    "Edition",
    "Measure",
    "Metadata",
    "Resource",
    "StoreMeasure",
    "Theme",
    "TouchCount",
    "Use",
]
