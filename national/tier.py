"""Manifest of the national tier."""

from platform_core.tiers import Tier

MANIFEST = Tier(
    code="national",
    letter="N",
    name="National platform",
    apps=("national.apps.NationalConfig",),
    roles="national.roles",
    sample="national.sample",
    home="ui:home",
    parents=(),
    children=("provincial", "municipal"),
)
