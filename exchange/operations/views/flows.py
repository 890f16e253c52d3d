"""Each interface with each platform: light, last success, lag, rates, latency."""

from functools import cached_property

from django.utils.translation import gettext_lazy

from exchange.delivery.views.peers import crumbs
from exchange.operations.filters import FlowFilter
from exchange.operations.models import Flow
from exchange.operations.selectors import flows
from platform_core.ui.columns import Column
from platform_core.ui.components import status
from platform_core.ui.views import ListPage
from platform_core.ui.words import duration

from .board import VIEW, lights

LEVELS = {"green": "green", "yellow": "yellow", "red": "red", "none": "grey"}


class FlowList(ListPage):
    """How every interface stands with every platform, each way."""

    model = Flow
    scoped = False
    permission_required = VIEW
    export_permission = VIEW
    title = gettext_lazy("State of interfaces")
    empty_text = gettext_lazy("Interfaces appear here with their first call.")
    filterset_class = FlowFilter
    search_fields = ("interface", "peer__code", "peer__name")
    ordering = ("peer__code", "interface", "direction")
    live = 10

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return super().get_queryset().select_related("peer")

    @cached_property
    def known(self):
        """Figures of a day and queues, read once for the page."""
        return flows.Standing.now()

    def lit(self, row):
        code = self.known.light(row)
        return status(lights()[code], LEVELS[code])

    def light_text(self, row):
        return lights()[self.known.light(row)]

    def lag(self, row):
        seconds = self.known.lag(row)
        return "—" if seconds is None else duration(seconds)

    def figure(self, name, label):
        def value(row):
            return getattr(self.known.sums(row), name)

        def shown(row):
            found = value(row)
            return "—" if found is None else found

        return Column(name, label, render=shown, export=value, number=True)

    def get_columns(self):
        light = gettext_lazy("Connection")
        return [
            Column("peer.code", gettext_lazy("Platform"), sort=True),
            Column("interface", gettext_lazy("Interface"), sort=True),
            Column("direction", gettext_lazy("Direction of transfer"), sort=True),
            Column("light", light, render=self.lit, export=self.light_text),
            Column("success_at", gettext_lazy("Last success"), sort=True),
            Column("records_at", gettext_lazy("Last records"), sort=True),
            Column("lag", gettext_lazy("Lag"), render=self.lag, export=self.lag),
            self.figure("calls", gettext_lazy("Calls in 24 h")),
            self.figure("success_rate", gettext_lazy("Successful (%)")),
            self.figure("p50", gettext_lazy("p50 (ms)")),
            self.figure("p95", gettext_lazy("p95 (ms)")),
            self.figure("records", gettext_lazy("Records in 24 h")),
            self.figure("rejected", gettext_lazy("Refused records")),
        ]
