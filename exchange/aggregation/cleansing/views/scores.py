"""Quality: the ranking, and the trend of one table or sender."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.aggregation.cleansing import selectors
from exchange.aggregation.cleansing.enums import Dimension
from exchange.aggregation.cleansing.filters import ScoreFilter
from exchange.aggregation.cleansing.models import Score
from exchange.aggregation.rating import rated
from exchange.delivery.views.peers import crumbs
from platform_core.ui import charts
from platform_core.ui.columns import Column
from platform_core.ui.views import Crumb, DetailPage, ListPage


def total(row):
    return rated(row.total)


def sender(row):
    return row.sender or _("All senders")


class ScoreList(ListPage):
    """The newest score of each table and sender, the worst first."""

    model = Score
    scoped = False
    permission_required = "cleansing.view_score"
    export_permission = "cleansing.view_score"
    title = gettext_lazy("Data quality")
    empty_text = gettext_lazy("Each cleansing run measures the quality of its table.")
    filterset_class = ScoreFilter
    search_fields = ("table__code", "table__name", "sender__name", "sender__origin")
    ordering = ("total", "pk")
    columns = (
        Column("table", gettext_lazy("Table"), sort="table__code", link=True),
        Column("sender", gettext_lazy("Sender"), render=sender, export=sender),
        Column("day", gettext_lazy("Day measured"), sort=True),
        Column("total", gettext_lazy("Quality score"), sort=True, render=total),
        *(Column(one.value, one.label, sort=True, number=True) for one in Dimension),
        Column("rows", gettext_lazy("Rows"), sort=True, number=True),
        Column("problems", gettext_lazy("Problems"), sort=True, number=True),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return selectors.newest_scores()


class ScorePage(DetailPage):
    """How the quality of one table and sender went."""

    model = Score
    scoped = False
    permission_required = "cleansing.view_score"
    template_name = "cleansing/score.html"

    def get_queryset(self):
        return super().get_queryset().select_related("table", "sender", "run")

    def get_breadcrumbs(self):
        home, *_rest = crumbs("")
        listed = Crumb(ScoreList.title, reverse("cleansing:score-list"))
        return [home, listed, Crumb(str(self.object.table))]

    def get_title(self):
        return f"{self.object.table} · {sender(self.object)}"

    def get_summary(self):
        row = self.object
        return [
            (_("Table"), row.table),
            (_("Sender"), sender(row)),
            (_("Day measured"), row.day),
            (_("Quality score"), total(row)),
            *((one.label, getattr(row, one.value)) for one in Dimension),
            (_("Rows"), row.rows),
            (_("Problems"), row.problems),
        ]

    def get_context_data(self, **kwargs):
        scores = selectors.trend(self.object.table, self.object.sender)
        series = {str(_("Quality score")): [one.total for one in scores]}
        for part in Dimension:
            values = [getattr(one, part.value) for one in scores]
            if any(value is not None for value in values):
                series[str(part.label)] = values
        option = charts.line([one.day for one in scores], series)
        return super().get_context_data(trend=option, **kwargs)
