"""Runs: list, progress, results."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.aggregation.cleansing.filters import RunFilter
from exchange.aggregation.cleansing.models import Run
from exchange.aggregation.cleansing.services import running
from exchange.delivery.views.peers import crumbs
from platform_core.jobs.enums import JobState
from platform_core.ui.columns import Column
from platform_core.ui.components import status
from platform_core.ui.views import Crumb, DetailPage, ListPage

from .rules import SetAction

LEVELS = {
    JobState.WAITING: "grey",
    JobState.RUNNING: "blue",
    JobState.DONE: "green",
    JobState.FAILED: "red",
    JobState.CANCELLED: "grey",
}


def badge(run):
    if run.job is None:
        return ""
    return status(run.job.get_state_display(), LEVELS[JobState(run.job.state)])


class RunList(ListPage):
    """What was cleansed when, and with what result."""

    model = Run
    scoped = False
    permission_required = "cleansing.view_run"
    export_permission = "cleansing.view_run"
    title = gettext_lazy("Cleansing runs")
    empty_text = gettext_lazy("A run appears here as soon as it is started.")
    filterset_class = RunFilter
    search_fields = ("table__code", "table__name")
    live = 5
    columns = (
        Column("table", gettext_lazy("Table"), sort="table__code", link=True),
        Column("version.number", gettext_lazy("Version"), number=True),
        Column("trigger", gettext_lazy("Started")),
        Column("started_at", gettext_lazy("Started at"), sort=True),
        Column("job.state", gettext_lazy("State"), render=badge),
        Column("rows", gettext_lazy("Rows"), sort=True, number=True),
        Column("good", gettext_lazy("Clean"), number=True),
        Column("fixed", gettext_lazy("Repaired"), number=True),
        Column("rejected", gettext_lazy("Rejected"), number=True),
        Column("returned", gettext_lazy("Returned"), number=True),
        Column("problems", gettext_lazy("Problems"), sort=True, number=True),
        Column("ended_at", gettext_lazy("Ended at"), sort=True, default=False),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return super().get_queryset().select_related("table", "version", "job")


class RunPage(DetailPage):
    """One run with its progress, its scores and the results of its rules."""

    model = Run
    scoped = False
    lookup = "uid"
    permission_required = "cleansing.view_run"
    template_name = "cleansing/run.html"
    partial_name = "cleansing/partials/_run.html"

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.select_related("table", "version__rule_set", "job", "by")

    def get_breadcrumbs(self):
        home, *_rest = crumbs("")
        listed = Crumb(RunList.title, reverse("cleansing:run-list"))
        return [home, listed, Crumb(str(self.object))]

    def get_summary(self):
        run = self.object
        return [
            (_("Table"), run.table),
            (_("Version of the rules"), run.version.number),
            (_("Started"), run.get_trigger_display()),
            (_("By"), run.by),
            (_("Started at"), run.started_at),
            (_("Ended at"), run.ended_at),
        ]

    def get_context_data(self, **kwargs):
        run = self.object
        return super().get_context_data(
            badge=badge(run),
            results=run.results.select_related("rule"),
            scores=run.scores.select_related("sender"),
            **kwargs,
        )


class Start(SetAction):
    """Apply the published rules now."""

    permission_required = "cleansing.start_run"
    title = gettext_lazy("Start a run")
    lead = gettext_lazy("All newest rows of the table are checked in the background.")
    success_message = gettext_lazy("It has begun.")

    def perform(self, form):
        return running.start(rule_set=self.object, by=self.request.user)
