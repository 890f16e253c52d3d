"""Which outline file draws a division on the wall."""

from dataclasses import dataclass
from functools import lru_cache

from django.contrib.staticfiles import finders
from django.templatetags.static import static

from platform_core.regions import selectors as regions

FOLDER = "vendor/maps"


@dataclass(frozen=True, slots=True)
class Outline:
    """A GeoJSON file, and the one feature to take from it where it holds more."""

    url: str
    only: str


def outline(division: str) -> Outline:
    """The division's own file with its parts, or its shape in a file above."""
    if _exists(division):
        return Outline(_url(division), "")
    shape = division
    for step in reversed(regions.lineage(division)):
        if _exists(step.code):
            return Outline(_url(step.code), shape)
        shape = step.code
    return Outline("", "")


def _url(code: str) -> str:
    return static(f"{FOLDER}/{code}.json")


@lru_cache(maxsize=512)
def _exists(code: str) -> bool:
    return finders.find(f"{FOLDER}/{code}.json") is not None
