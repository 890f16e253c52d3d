"""Entries of the navigation; what is done to base data by its name in the log."""

from django.utils.translation import gettext_lazy as _

from municipal.command.basedata import places_nav
from municipal.command.basedata.components import records
from municipal.command.basedata.imports import runner
from municipal.command.nav import CITY
from platform_core.systems.maintenance.events import name_events
from platform_core.ui import navigation
from platform_core.ui.navigation import Entry

SYSTEM = ("basedata", _("Base data"))

PROPOSALS = {
    "made": _("Change proposed"),
    "published": _("Change published"),
    "rejected": _("Change rejected"),
    "withdrawn": _("Proposal taken back"),
    "renewed": _("Proposal renewed"),
    "rolled_back": _("Rolled back"),
}
COMPONENTS = {"exported": _("Components exported")}
IMPORTS = {
    "received": _("File handed in"),
    "mapped": _("Columns chosen"),
    "imported": _("File imported"),
    "system_saved": _("Coordinate system described"),
}
SURVEYS = {
    "planned": _("Survey planned"),
    "begun": _("Survey begun"),
    "finished": _("Survey ended"),
    "found": _("Finding of a survey noted"),
    "grid_finished": _("Grid surveyed"),
}
LAYERS = {"saved": _("Layer changed"), "exported": _("Layers exported")}
# Importing them makes things changeable by proposals and files importable.
assert places_nav.JOBS
assert records.TOPIC
assert runner.KIND


def proposal_event(code: str) -> str:
    """What happened to a proposal, for the audit log."""
    return str(PROPOSALS.get(code, code))


def component_event(code: str) -> str:
    """What happened to components, for the audit log."""
    return str(COMPONENTS.get(code, code))


def import_event(code: str) -> str:
    """What happened to a delivered file, for the audit log."""
    return str(IMPORTS.get(code, code))


def layer_event(code: str) -> str:
    """What happened to layers, for the audit log."""
    return str(LAYERS.get(code, code))


def survey_event(code: str) -> str:
    """What happened in surveys, for the audit log."""
    return str(SURVEYS.get(code, code))


name_events("survey.", survey_event)
name_events("delivery.", import_event)
name_events("layer.", layer_event)
name_events("proposal.", proposal_event)
name_events("component.", component_event)
navigation.register(
    Entry(
        _("Managed components"),
        "basedata:component-list",
        icon="location",
        permission="command.view_component",
        order=160,
        system=SYSTEM,
        tiers=CITY,
    ),
    Entry(
        _("Proposed changes"),
        "basedata:proposal-list",
        icon="task",
        permission="basedata.propose_change",
        order=162,
        system=SYSTEM,
        tiers=CITY,
    ),
    Entry(
        _("Thematic layers"),
        "basedata:feature-list",
        icon="map",
        permission="basedata.view_layerfeature",
        order=164,
        system=SYSTEM,
        tiers=CITY,
    ),
    Entry(
        _("Surveys"),
        "basedata:campaign-list",
        icon="flag",
        permission="command.view_component",
        order=166,
        system=SYSTEM,
        tiers=CITY,
    ),
    Entry(
        _("Imports of base data"),
        "basedata:delivery-list",
        icon="upload",
        permission="basedata.import_data",
        order=168,
        system=SYSTEM,
        tiers=CITY,
    ),
)
