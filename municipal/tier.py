"""Manifest of the municipal tier."""

from platform_core.tiers import Tier

MANIFEST = Tier(
    code="municipal",
    letter="M",
    name="Municipal platform",
    apps=(
        "municipal.apps.MunicipalConfig",
        "municipal.command.apps.CommandConfig",
        "municipal.public_service.apps.PublicServiceConfig",
    ),
    roles="municipal.roles",
    sample="municipal.sample",
    home="ui:home",
    parents=("provincial", "national"),
    children=(),
)
