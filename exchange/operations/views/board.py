"""The operator's start page, and the picture of the federation."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.delivery import selectors as delivery
from exchange.delivery.models import Outage
from exchange.delivery.views.peers import crumbs
from exchange.operations.selectors import alarms, figures, network
from platform_core.ui import charts, live
from platform_core.ui.columns import Column
from platform_core.ui.dashboards import Figure
from platform_core.ui.views import PageAction, PlainPage, SheetMixin

VIEW = "delivery.view_peer"
OUTAGES = 5
ALARMS = 8


class LivePage(PlainPage):
    """A page whose inside is read again every few seconds."""

    partial_name = ""

    def get(self, request, *args, **kwargs):
        if not request.headers.get("X-Poll"):
            return super().get(request, *args, **kwargs)
        context = self.get_context_data()
        return live.answer(request, render(request, self.partial_name, context))

    def get_breadcrumbs(self):
        return crumbs(self.title)


class BoardPage(LivePage):
    """Lights, backlog and last outages at a glance."""

    permission_required = VIEW
    title = gettext_lazy("Monitor board")
    template_name = "operations/board.html"
    partial_name = "operations/partials/_board.html"

    def get_page_actions(self):
        url = reverse("operations:topology")
        return [PageAction(_("Topology"), url, icon="tree")]

    def get_context_data(self, **kwargs):
        health = delivery.peer_health()
        return {
            **super().get_context_data(**kwargs),
            "figures": board_figures(health),
            "peers": sorted(health, key=urgency),
            "alarms": alarms.active(ALARMS),
            "outages": Outage.objects.select_related("peer")[:OUTAGES],
            "volume": volume_chart(figures.over_time(figures.recent())),
        }


ORDER = ("red", "yellow", "green", "none")


def urgency(one):
    """What is worst comes first."""
    return ORDER.index(one.light), -(one.lag or 0), one.peer.code


def board_figures(health):
    """The numbers on top of the board, each with the page that it counts."""
    status = reverse("delivery:status")
    red, yellow = (network.count_of(health, light) for light in ("red", "yellow"))
    pending = sum(one.pending for one in health)
    lag = max((one.lag for one in health if one.lag is not None), default=0)
    problems = sum(one.problems + one.rejected for one in health)
    open_ones = Outage.objects.filter(ended_at__isnull=True).count()
    active = alarms.count_active()
    return [
        Figure(
            _("Active alarms"),
            active,
            reverse("operations:alarm-list") + "?state=unresolved",
            level="red" if active else "",
        ),
        Figure(_("Working"), network.count_of(health, "green"), status),
        Figure(_("Needs a look"), yellow, status, level="yellow" if yellow else ""),
        Figure(_("Interrupted"), red, status, level="red" if red else ""),
        Figure(_("Records waiting"), pending, status, level="yellow" * (lag > 60)),
        Figure(
            _("Problem records"),
            problems,
            reverse("delivery:problem-list") + "?state=open",
            level="red" if problems else "",
        ),
        Figure(
            _("Outages now"),
            open_ones,
            reverse("operations:outage-list") + "?lasts=true",
            level="red" if open_ones else "",
        ),
    ]


def volume_chart(course):
    """Records sent and received over time."""
    labels = [one.label for one in course]
    series = {
        str(_("Records sent")): [one.out for one in course],
        str(_("Records received")): [one.come for one in course],
    }
    return charts.bar(labels, series, stack=True)


def lights():
    """Lights and what they mean."""
    return {
        network.OWN: _("This platform"),
        "green": _("Working"),
        "yellow": _("Needs a look"),
        "red": _("Interrupted"),
        "none": _("No contact yet"),
    }


def above(place):
    return place.above or "—"


def word_of(place):
    return lights()[place.light]


class TopologyPage(SheetMixin, LivePage):
    """All platforms known here with lights and lag, as a picture and a table."""

    permission_required = VIEW
    title = gettext_lazy("Topology")
    template_name = "operations/topology.html"
    partial_name = "operations/partials/_topology.html"
    columns = (
        Column("code", gettext_lazy("Platform")),
        Column("name", gettext_lazy("Name")),
        Column("above", gettext_lazy("Platform above"), export=above),
        Column("light", gettext_lazy("Connection"), export=word_of),
        Column("health.pending", gettext_lazy("Records waiting"), number=True),
        Column("health.lag", gettext_lazy("Lag (s)"), number=True),
        Column("health.peer.success_at", gettext_lazy("Last success")),
    )

    def rows(self):
        return network.places(delivery.peer_health())

    def get_context_data(self, **kwargs):
        found = self.rows()
        return {
            **super().get_context_data(**kwargs),
            "places": found,
            "graph": network.graph(found, lights()),
        }
