"""Manifest of the provincial tier."""

from platform_core.tiers import Tier

MANIFEST = Tier(
    code="provincial",
    letter="P",
    name="Provincial platform",
    apps=("provincial.apps.ProvincialConfig",),
    roles="provincial.roles",
    sample="provincial.sample",
    home="ui:home",
    parents=("national",),
    children=("municipal",),
)
