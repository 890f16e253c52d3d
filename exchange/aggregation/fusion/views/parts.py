"""What the pages of fusion share."""

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from exchange.aggregation.fusion.enums import (
    Life,
    MasterState,
    PairState,
    UnmatchedState,
)
from exchange.delivery.views.peers import crumbs
from platform_core.jobs.enums import JobState
from platform_core.ui.components import status
from platform_core.ui.views import Crumb

LEVELS: dict[str, str] = {
    Life.DRAFT: "yellow",
    Life.PUBLISHED: "green",
    Life.RETIRED: "grey",
    PairState.OPEN: "yellow",
    PairState.SAME: "green",
    PairState.DIFFERENT: "blue",
    PairState.GONE: "grey",
    UnmatchedState.DRAFTED: "blue",
    UnmatchedState.IGNORED: "grey",
    UnmatchedState.SETTLED: "green",
    MasterState.CURRENT: "green",
    MasterState.MERGED: "grey",
    JobState.WAITING: "grey",
    JobState.RUNNING: "blue",
    JobState.DONE: "green",
    JobState.FAILED: "red",
    JobState.CANCELLED: "grey",
}


def badge(row):
    """The state of a row."""
    return status(row.get_state_display(), LEVELS.get(row.state, "grey"))


def below(page, name, *labels):
    """Breadcrumbs below a list; a label may be an object with a page."""
    home, *_rest = crumbs("")
    steps = [Crumb(page.title, reverse(f"fusion:{name}"))]
    for index, one in enumerate(labels):
        last = index == len(labels) - 1
        url = "" if last else getattr(one, "get_absolute_url", str)()
        steps.append(Crumb(str(one), url))
    return [home, *steps]


def action(user, name, label, key, permission, *, allowed=True, why="", level=""):
    """A button of a detail page, none without the permission."""
    if not user.has_perm(permission):
        return []
    return [
        {
            "name": label,
            "allowed": bool(allowed),
            "why": why or _("Not in this state"),
            "url": reverse(f"fusion:{name}", args=[key]),
            "level": level,
        }
    ]


def asked(request, versions, name="version", otherwise=None):
    """The version named in the address, else the newest one."""
    wanted = request.GET.get(name, "")
    if not wanted:
        return otherwise or versions.order_by("-number").first()
    found = versions.filter(number=wanted if wanted.isdecimal() else 0).first()
    if found is None:
        raise Http404(wanted)
    return found


def draft_of(row):
    """The draft of a map or a task, 404 without one."""
    draft = row.draft
    if draft is None:
        raise Http404("draft")
    return draft
