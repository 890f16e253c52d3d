"""Navigation of the catalogue."""

from django.utils.translation import gettext_lazy as _

from platform_core.ui import navigation, search
from platform_core.ui.navigation import Entry
from platform_core.ui.search import Hit, SearchProvider

from . import selectors

SYSTEM = ("catalogue", _("Data resource catalogue"))
VIEW = "catalogue.view_edition"

navigation.register(
    Entry(_("Data catalogue"), "catalogue:entry-list", "book", VIEW, 940, SYSTEM),
    Entry(
        _("Entries of the catalogue"),
        "catalogue:resource-list",
        "edit",
        "catalogue.view_resource",
        941,
        SYSTEM,
    ),
    Entry(_("Applications for use"), "catalogue:use-list", "task", VIEW, 942, SYSTEM),
    Entry(
        _("Asset board"),
        "catalogue:board",
        "chart",
        "catalogue.view_board",
        943,
        SYSTEM,
    ),
)


def found(user, text, limit):
    """Published resources whose title or abstract has the words."""
    rows = selectors.published(user)
    rows = rows.filter(title__icontains=text) | rows.filter(abstract__icontains=text)
    for row in rows[:limit]:
        yield Hit(row.title, row.get_absolute_url(), row.code)


search.register(SearchProvider("catalogue", _("Data resources"), found, VIEW, order=90))
