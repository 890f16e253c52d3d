"""Runs: list, page with its log, pausing, resuming, report."""

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from exchange.connectors.enums import RunState, Trigger
from exchange.connectors.filters import RunFilter
from exchange.connectors.models import Run
from exchange.connectors.services import running
from platform_core.audit import services as audit
from platform_core.common.access import page
from platform_core.jobs.models import Job
from platform_core.ui import exports
from platform_core.ui.columns import Column
from platform_core.ui.views import ActionPage, DetailPage, ListPage

from .flows import FlowAction
from .parts import VIEW, action, badge, crumbs, person

RUN = "connectors.run_flow"


class RunList(ListPage):
    """What was run, and what came of it."""

    model = Run
    scoped = False
    permission_required = VIEW
    title = gettext_lazy("Runs")
    empty_text = gettext_lazy("No flow has been run yet.")
    filterset_class = RunFilter
    search_fields = ("flow__name", "error")
    live = 5
    columns = (
        Column("flow.name", gettext_lazy("Flow"), sort=True, link=True),
        Column("state", gettext_lazy("State"), sort=True, render=badge),
        Column("trigger", gettext_lazy("Begun")),
        Column("read", gettext_lazy("Read"), sort=True, number=True),
        Column("landed", gettext_lazy("Landed or sent"), sort=True, number=True),
        Column("filtered", gettext_lazy("Left out by the filter"), number=True),
        Column("rejected", gettext_lazy("Rejected"), sort=True, number=True),
        Column("created_at", gettext_lazy("Begun at"), sort=True),
        Column("ended_at", gettext_lazy("Ended"), sort=True),
        Column("error", gettext_lazy("Reason"), default=False),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title, "connectors:run-list")

    def get_queryset(self):
        return super().get_queryset().select_related("flow")


class RunPage(DetailPage):
    """One run: how far it is, its log, what it rejected."""

    model = Run
    scoped = False
    lookup = "uid"
    permission_required = VIEW
    template_name = "connectors/run.html"
    partial_name = "connectors/partials/_run.html"

    def get_queryset(self):
        return super().get_queryset().select_related("flow", "version", "by")

    def get_breadcrumbs(self):
        return crumbs(RunList.title, "connectors:run-list", self.object)

    def get_summary(self):
        row = self.object
        return [
            (_("Flow"), row.flow),
            (_("Version"), row.version.number),
            (_("State"), badge(row)),
            (_("Reason"), row.error),
            (_("Begun"), row.get_trigger_display()),
            (_("By"), row.by or _("System")),
            (_("Started"), row.started_at),
            (_("Ended"), row.ended_at),
        ]

    def get_actions(self):
        row = self.object
        if not self.request.user.has_perm(RUN):
            return []
        stopped = row.state in {RunState.PAUSED, RunState.FAILED}
        return [
            action("run-pause", _("Pause"), row.uid, allowed=row.is_open),
            action("run-resume", _("Go on"), row.uid, allowed=stopped),
        ]

    def get_context_data(self, **kwargs):
        row = self.object
        job = Job.objects.filter(uid=row.job).first() if row.job else None
        return super().get_context_data(
            job=job,
            lines=row.log.all()[:100],
            rejects=row.rejects.all()[:20],
            **kwargs,
        )


class RunAction(ActionPage):
    """Something done to one run."""

    model = Run
    scoped = False
    lookup = "uid"
    permission_required = RUN

    def get_breadcrumbs(self):
        return crumbs(RunList.title, "connectors:run-list", self.object, self.title)


class Pause(RunAction):
    """Stop a run for now."""

    title = gettext_lazy("Pause")
    lead = gettext_lazy("What is landed stays; the run can go on where it stands.")
    success_message = gettext_lazy("Paused.")

    def perform(self, form):
        return running.pause(run=self.object, by=person(self.request))


class Resume(RunAction):
    """Let a run go on."""

    title = gettext_lazy("Go on")
    lead = gettext_lazy("It goes on behind what is landed already.")
    success_message = gettext_lazy("It goes on.")

    def perform(self, form):
        return running.resume(run=self.object, by=person(self.request))


class Start(FlowAction):
    """Run a flow now."""

    permission_required = RUN
    title = gettext_lazy("Run")
    success_message = gettext_lazy("It runs in the background.")
    again = False

    def perform(self, form):
        return running.start(
            flow=self.object,
            by=person(self.request),
            trigger=Trigger.PERSON,
            again=self.again,
        )


class StartAgain(Start):
    """Run a flow over everything once more."""

    title = gettext_lazy("Run from the start")
    lead = gettext_lazy("Reads everything again; what landed already gets revisions.")
    again = True

    def get_context_data(self, **kwargs):
        if self.object.outgoing:
            text = _("Sends everything again; what is there already is replaced.")
            kwargs["lead"] = text
        return super().get_context_data(**kwargs)


REPORT = (
    Column("place", gettext_lazy("File")),
    Column("line", gettext_lazy("Line")),
    Column("field", gettext_lazy("Field")),
    Column("code", gettext_lazy("Code")),
    Column("reason", gettext_lazy("Reason")),
    Column("state", gettext_lazy("State")),
    Column("raw", gettext_lazy("Row")),
)


@require_GET
@page(permission=VIEW)
def report(request, uid):
    """The rejected rows of a run as a file for the department."""
    run = Run.objects.filter(uid=uid).select_related("flow").first()
    if run is None:
        raise Http404(uid)
    audit.record("connector.report_downloaded", run, by=person(request))
    rows = run.rejects.order_by("pk").iterator(chunk_size=1000)
    return exports.as_csv(REPORT, rows, f"{run.flow.name}-{run.uid}")
