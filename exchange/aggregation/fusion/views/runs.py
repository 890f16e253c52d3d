"""Runs: list, progress, results."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.aggregation.fusion.filters import RunFilter
from exchange.aggregation.fusion.models import Run
from exchange.delivery.views.peers import crumbs
from platform_core.ui.columns import Column
from platform_core.ui.views import DetailPage, ListPage

from .parts import badge, below

COUNTS = (
    ("rows", gettext_lazy("Rows")),
    ("compared", gettext_lazy("Pairs compared")),
    ("same", gettext_lazy("Same thing")),
    ("unsure", gettext_lazy("To be reviewed")),
    ("masters", gettext_lazy("Master records")),
    ("made", gettext_lazy("New")),
    ("changed", gettext_lazy("Changed")),
    ("merged", gettext_lazy("Merged")),
    ("split", gettext_lazy("Split off")),
    ("retired", gettext_lazy("Without rows")),
    ("unmatched", gettext_lazy("Unmatched codes")),
)


def state(run):
    """How far the job of a run is."""
    return badge(run.job) if run.job else ""


class RunList(ListPage):
    """What was fused when, and with what result."""

    model = Run
    scoped = False
    permission_required = "fusion.view_run"
    export_permission = "fusion.view_run"
    title = gettext_lazy("Fusion runs")
    empty_text = gettext_lazy("A run appears here as soon as it is started.")
    filterset_class = RunFilter
    search_fields = ("task__code", "task__name")
    live = 5
    columns = (
        Column("task", gettext_lazy("Fusion task"), sort="task__code", link=True),
        Column("version.number", gettext_lazy("Version"), number=True),
        Column("trigger", gettext_lazy("Started")),
        Column("started_at", gettext_lazy("Started at"), sort=True),
        Column("job.state", gettext_lazy("State"), render=state),
        *(Column(name, label, sort=True, number=True) for name, label in COUNTS),
        Column("ended_at", gettext_lazy("Ended at"), sort=True, default=False),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return super().get_queryset().select_related("task", "version", "job")


class RunPage(DetailPage):
    """One run with its progress and its results."""

    model = Run
    scoped = False
    lookup = "uid"
    permission_required = "fusion.view_run"
    template_name = "fusion/run.html"
    partial_name = "fusion/partials/_run.html"

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.select_related("task", "version__task", "job", "by")

    def get_breadcrumbs(self):
        return below(RunList, "run-list", self.object)

    def get_summary(self):
        run = self.object
        used = [f"{name} v{number}" for name, number in run.used.items()]
        return [
            (_("Fusion task"), run.task),
            (_("Version"), run.version.number),
            (_("Code maps used"), ", ".join(used)),
            (_("Started"), run.get_trigger_display()),
            (_("By"), run.by),
            (_("Started at"), run.started_at),
            (_("Ended at"), run.ended_at),
        ]

    def get_context_data(self, **kwargs):
        run = self.object
        return super().get_context_data(
            badge=state(run),
            counts=[(label, getattr(run, name)) for name, label in COUNTS],
            **kwargs,
        )
