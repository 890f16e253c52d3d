"""The three kinds of deployment, each described by a manifest of plain data."""

from dataclasses import dataclass
from importlib import import_module

from django.conf import settings

CODES = ("national", "provincial", "municipal")


@dataclass(frozen=True, slots=True)
class Tier:
    """What a deployment of this kind installs and whom it talks to."""

    code: str
    letter: str
    name: str
    apps: tuple[str, ...]
    roles: str
    sample: str
    home: str
    parents: tuple[str, ...] = ()
    children: tuple[str, ...] = ()

    @property
    def urlconf(self) -> str:
        return f"{self.code}.urls"


def load_tier(code: str) -> Tier:
    """Read the manifest of a tier; ValueError for an unknown one."""
    if code not in CODES:
        raise ValueError(f"PLATFORM_TIER must be one of {CODES}, not {code!r}")
    manifest: Tier = import_module(f"{code}.tier").MANIFEST
    return manifest


def current_tier() -> Tier:
    """The tier of this process, read at call time so that tests can switch it."""
    return load_tier(settings.PLATFORM_TIER)
