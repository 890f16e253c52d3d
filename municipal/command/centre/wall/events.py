"""What happens on the wall, by its name in the audit log."""

from django.utils.translation import gettext_lazy as _

EVENTS = {
    "screen.saved": _("Screen of the wall changed"),
    "screen.page_saved": _("Page of a screen changed"),
    "screen.page_dropped": _("Page of a screen taken away"),
    "screen.page_moved": _("Page of a screen moved"),
    "wall.commanded": _("Task given from the wall"),
    "wall.message": _("Message sent from the wall"),
}
AREAS = ("screen.", "wall.")


def name(area: str, rest: str) -> str:
    """An event in words."""
    return str(EVENTS.get(area + rest, area + rest))
