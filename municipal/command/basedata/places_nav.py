"""Entries for grids, classes and maps; names of what is done to them; their jobs."""

from django.utils.translation import gettext_lazy as _

from municipal.command.basedata.classes import editions
from municipal.command.basedata.grids import runners as grid_runners
from municipal.command.basedata.maps import selectors as maps
from municipal.command.nav import CITY
from platform_core.systems.maintenance.events import name_events
from platform_core.ui import navigation
from platform_core.ui.maps import Provider, register
from platform_core.ui.navigation import Entry

SYSTEM = ("basedata", _("Base data"))

GRIDS = {
    "draft_opened": _("Draft of grids opened"),
    "draft_discarded": _("Draft of grids discarded"),
    "added": _("Unit grid drawn"),
    "redrawn": _("Unit grid drawn anew"),
    "split": _("Unit grid split"),
    "merged": _("Unit grids merged"),
    "retired": _("Unit grid retired"),
    "published": _("Version of grids published"),
    "rolled_back": _("Version of grids rolled back"),
    "assigned": _("Cases and components assigned to grids"),
    "duty_saved": _("Duty grid saved"),
    "area_saved": _("Grid of several unit grids saved"),
    "boundary_set": _("Border drawn"),
}
EDITIONS = {
    "prepared": _("Change of the edition prepared"),
    "decided": _("Classes without counterpart decided"),
    "started": _("Change of the edition started"),
    "carried_out": _("Change of the edition carried out"),
    "undo_started": _("Undoing of the edition started"),
    "undone": _("Change of the edition undone"),
}
CLASSES = {
    "version_made": _("Version of a class made"),
    "version_withdrawn": _("Version of a class taken back"),
}
MAPS = {
    "layer_saved": _("Map layer saved"),
    "layer_deleted": _("Map layer deleted"),
    "points_loaded": _("Points of a layer loaded"),
    "service_saved": _("3D service saved"),
}
JOBS = (
    grid_runners.regrid,
    grid_runners.take_in,
    editions.run_move,
    editions.run_undo,
)


def _entry(label: object, name: str, icon: str, permission: str, order: int) -> Entry:
    return Entry(
        label,  # type: ignore[arg-type]
        f"basedata:{name}",
        icon=icon,
        permission=permission,
        order=order,
        system=SYSTEM,
        tiers=CITY,
    )


name_events("grids.", lambda event: str(GRIDS.get(event, event)))
name_events("edition.", lambda event: str(EDITIONS.get(event, event)))
name_events("classification.", lambda event: str(CLASSES.get(event, event)))
name_events("maps.", lambda event: str(MAPS.get(event, event)))
register(Provider("map_layers:list", "basedata/layers.js", maps.hosts, CITY))
VIEW_GRIDS = "basedata.view_gridversion"
VIEW_MAPS = "basedata.view_maplayer"
VIEW_CLASSES = "basedata.view_classrevision"
navigation.register(
    _entry(_("Unit grids"), "grids", "grid", VIEW_GRIDS, 170),
    _entry(_("Duty grids"), "duty-grids", "user", VIEW_GRIDS, 171),
    _entry(_("Other grids"), "area-grids", "grid", VIEW_GRIDS, 172),
    _entry(_("Borders"), "boundaries", "map", VIEW_GRIDS, 173),
    _entry(_("Versions of classes"), "class-revisions", "book", VIEW_CLASSES, 174),
    _entry(_("Change of the edition"), "edition-moves", "exchange", VIEW_CLASSES, 175),
    _entry(_("Map layers"), "map-layers", "map", VIEW_MAPS, 176),
    _entry(_("3D services (CIM)"), "cim-services", "building", VIEW_MAPS, 177),
)
