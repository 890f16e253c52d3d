"""Tables of the catalogue."""

from .measures import Measure, TouchCount
from .resources import Edition, Metadata, Resource
from .themes import Theme
from .uses import Use

__all__ = ["Edition", "Measure", "Metadata", "Resource", "Theme", "TouchCount", "Use"]
