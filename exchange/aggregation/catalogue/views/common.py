"""What the pages of the catalogue share."""

from typing import cast

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from exchange.aggregation.catalogue.enums import Level, Share, State, UseState
from exchange.aggregation.rating import rated
from platform_core.accounts.models import User
from platform_core.ui.columns import show
from platform_core.ui.components import status
from platform_core.ui.views import Crumb
from platform_core.ui.words import stamp

STATES = {
    State.DRAFT: "grey",
    State.REVIEWING: "yellow",
    State.REVIEWED: "blue",
    State.PUBLISHED: "green",
    State.WITHDRAWN: "orange",
}
SHARES = {Share.FREE: "green", Share.CONDITIONAL: "yellow", Share.NONE: "red"}
LEVELS = {
    Level.L1: "green",
    Level.L2: "blue",
    Level.L3: "orange",
    Level.L4: "red",
}
USES = {
    UseState.WAITING: "yellow",
    UseState.APPROVED: "green",
    UseState.REFUSED: "red",
    UseState.ENDED: "grey",
}


def person(request) -> User:
    """Who is behind a request whose permission was checked."""
    return cast(User, request.user)


def state_badge(row):
    return status(row.get_state_display(), STATES[State(row.state)])


def share_badge(row):
    return status(row.get_share_display(), SHARES[Share(row.share)])


def level_badge(row):
    return status(row.get_level_display(), LEVELS[Level(row.level)])


def use_badge(row):
    return status(row.get_state_display(), USES[UseState(row.state)])


def crumbs(*labels):
    """The way here; a pair is a label with its address."""
    steps = [one if isinstance(one, tuple) else (one, "") for one in labels]
    return [Crumb(_("Data aggregation")), *(Crumb(*step) for step in steps)]


def below(label, name, last):
    """The way to something of a list."""
    return crumbs((label, reverse(name)), last)


def facts(row):
    """The metadata as a summary."""
    table = row.table
    return [
        (_("Code"), row.code),
        (_("Subset"), row.get_subset_display()),
        (_("Theme"), row.theme),
        (_("Owner"), row.unit),
        (_("Sharing"), share_badge(row)),
        (_("Condition"), row.condition),
        (_("Security level"), level_badge(row)),
        (_("Renewed"), row.get_frequency_display()),
        (_("Formats"), ", ".join(row.formats)),
        (_("Keywords"), "、".join(row.keywords)),
        (_("Area covered"), row.division),
        (_("Covers"), period(row)),
        (_("Contact"), " ".join(filter(None, (row.contact, row.phone, row.email)))),
        (_("Table"), f"{table.code} {table.label}" if table else ""),
        (_("Abstract"), row.abstract),
    ]


def score(row):
    """The quality of its table as the list shows it."""
    return show(None if row.score is None else rated(row.score))


def quality(found, user):
    """How good the rows are, when that was measured, and by which run."""
    if found is None:
        return []
    run = stamp(found.at)
    if found.url and user.has_perm(found.permission):
        run = format_html('<a href="{}">{}</a>', found.url, run)
    return [
        (_("Quality score"), rated(found.score)),
        (_("Score of"), run),
        (_("Open problems"), found.problems),
    ]


def period(row):
    """From when to when, as far as it is said."""
    if not (row.covers_from or row.covers_to):
        return ""
    return f"{row.covers_from or '…'} – {row.covers_to or '…'}"
