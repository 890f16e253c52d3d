"""Pages of background work: a list, progress, problems by row, files made."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from platform_core.ui import components, exports
from platform_core.ui.columns import Column
from platform_core.ui.permissions import SIGNED_IN, page
from platform_core.ui.views import ActionPage, Crumb, DetailPage, ListPage

from . import services
from .enums import JobState
from .filters import JobFilter
from .models import Job

COLORS = {
    JobState.WAITING: "grey",
    JobState.RUNNING: "blue",
    JobState.DONE: "green",
    JobState.FAILED: "red",
    JobState.CANCELLED: "yellow",
}
PROBLEM_COLUMNS = (
    Column("row", _("Row number")),
    Column("field", _("Field")),
    Column("value", _("Given value")),
    Column("reason", _("Reason")),
)
SHOWN_PROBLEMS = 100


def badge(job: Job) -> object:
    """The state of a job in its colour."""
    return components.status(job.get_state_display(), COLORS[JobState(job.state)])


class JobList(ListPage):
    """One's own background work; administrators see everybody's."""

    model = Job
    permission_required = SIGNED_IN
    title = _("Background work")
    filterset_class = JobFilter
    search_fields = ("title",)
    live = 3
    columns = (
        Column("title", _("Job"), link=True),
        Column("state", _("State"), sort=True, render=badge),
        Column("percent", _("Progress (%)")),
        Column("done", _("Taken")),
        Column("skipped", _("Left out")),
        Column("failed", _("Not taken")),
        Column("by", _("Started by")),
        Column("created_at", _("Created at"), sort=True),
        Column("ended_at", _("Ended at"), sort=True),
    )

    def get_queryset(self):
        return super().get_queryset().select_related("by")


class JobDetail(DetailPage):
    """How far a job is, what it could not do, what it made."""

    model = Job
    lookup = "uid"
    permission_required = SIGNED_IN
    template_name = "jobs/detail.html"
    partial_name = "jobs/partials/_job.html"

    def get_breadcrumbs(self):
        return [
            Crumb(_("Background work"), reverse("jobs:list")),
            Crumb(self.object.title),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(self.object.problems.all()[: SHOWN_PROBLEMS + 1])
        return super().get_context_data(
            problems=rows[:SHOWN_PROBLEMS],
            more_problems=len(rows) > SHOWN_PROBLEMS,
            badge=badge(self.object),
            **kwargs,
        )

    def get_actions(self):
        job = self.object
        ended = job.state in {JobState.FAILED, JobState.CANCELLED}
        return [
            _option("cancel", _("Stop"), job, allowed=job.is_open),
            _option("retry", _("Go on"), job, allowed=ended),
        ]


def _option(name: str, label: Any, job: Job, *, allowed: bool) -> dict[str, Any]:
    return {
        "name": label,
        "allowed": allowed,
        "why": _("not in this state"),
        "url": f"{job.get_absolute_url()}{name}/",
    }


class CancelPage(ActionPage):
    """Ask a job to stop."""

    model = Job
    lookup = "uid"
    permission_required = SIGNED_IN
    title = _("Stop")

    def perform(self, form):
        return services.cancel(self.object, by=self.request.user)


class RetryPage(ActionPage):
    """Let a job go on where it stood."""

    model = Job
    lookup = "uid"
    permission_required = SIGNED_IN
    title = _("Go on")

    def perform(self, form):
        return services.retry(self.object, by=self.request.user)


def _seen(request: HttpRequest, uid: object) -> Job:
    return get_object_or_404(Job.objects.visible_to(request.user), uid=uid)


@require_GET
@page(permission=SIGNED_IN)
def problems(request: HttpRequest, uid: object) -> HttpResponseBase:
    """All rows that were not taken, as a file."""
    job = _seen(request, uid)
    return exports.as_csv(PROBLEM_COLUMNS, job.problems.iterator(), str(job.uid))


@require_GET
@page(permission=SIGNED_IN)
def output(request: HttpRequest, uid: object, name: str) -> HttpResponseBase:
    """A file that the job made."""
    job = _seen(request, uid)
    path = job.folder / f"out-{name}"
    if name not in {each["name"] for each in job.outputs} or not path.exists():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)
