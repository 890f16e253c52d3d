"""Manifest of the municipal tier."""

from platform_core.tiers import Tier

MANIFEST = Tier(
    code="municipal",
    letter="M",
    name="Municipal platform",
    apps=(
        "municipal.apps.MunicipalConfig",
        "municipal.command.apps.CommandConfig",
        "municipal.command.geocoding.apps.GeocodingConfig",
        "municipal.command.basedata.apps.BasedataConfig",
        "municipal.command.intake.apps.IntakeConfig",
        "municipal.command.collaboration.apps.CollaborationConfig",
        "municipal.command.performance.apps.PerformanceConfig",
        "municipal.command.patrol.apps.PatrolConfig",
        "municipal.command.queries.apps.QueriesConfig",
        "municipal.command.centre.apps.CentreConfig",
        "municipal.public_service.apps.PublicServiceConfig",
    ),
    roles="municipal.roles",
    sample="municipal.sample",
    home="ui:home",
    parents=("provincial", "national"),
    children=(),
)
