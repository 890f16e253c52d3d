"""What the pages of connectors share."""

from typing import cast

from django.urls import reverse
from django.utils.translation import gettext as _

from exchange.connectors.enums import (
    FlowState,
    RejectState,
    RunState,
    SourceState,
)
from platform_core.accounts.models import User
from platform_core.ui.components import status
from platform_core.ui.views import Crumb

LEVELS: dict[str, str] = {
    SourceState.UNTESTED: "grey",
    SourceState.WORKING: "green",
    SourceState.FAILING: "red",
    FlowState.DRAFT: "grey",
    FlowState.ACTIVE: "green",
    RunState.WAITING: "grey",
    RunState.RUNNING: "blue",
    RunState.PAUSED: "orange",
    RunState.DONE: "green",
    RunState.FAILED: "red",
    RejectState.OPEN: "red",
    RejectState.FIXED: "green",
    RejectState.DROPPED: "grey",
}
VIEW = "connectors.view_flow"


def badge(row):
    return status(row.get_state_display(), LEVELS.get(row.state, "grey"))


def person(request) -> User:
    """Who is behind a request whose permission was checked."""
    return cast(User, request.user)


def crumbs(label, name, *more):
    """From the exchange through a list down to here."""
    steps = [Crumb(_("Exchange"), reverse("delivery:status"))]
    steps.append(Crumb(label, reverse(name) if more else ""))
    for index, one in enumerate(more):
        last = index == len(more) - 1
        url = (
            ""
            if last or not hasattr(one, "get_absolute_url")
            else (one.get_absolute_url())
        )
        steps.append(Crumb(str(one), url))
    return steps


def action(name, label, url, *, allowed=True, why="", level=""):
    """A button of a detail page."""
    key = url if isinstance(url, list) else [url]
    return {
        "name": label,
        "allowed": allowed,
        "why": why or _("Not in this state"),
        "url": reverse(f"connectors:{name}", args=key),
        "level": level,
    }
