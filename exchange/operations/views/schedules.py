"""Regular tasks: what runs when, how it went, pause, resume, run now."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from exchange.delivery.views.peers import crumbs
from exchange.operations.filters import ScheduleFilter
from exchange.operations.forms import ReasonForm
from exchange.operations.models import Schedule
from exchange.operations.services import schedules as service
from platform_core.ui.columns import Column
from platform_core.ui.components import status
from platform_core.ui.views import ActionPage, DetailPage, ListPage

from .board import VIEW

MANAGE = "operations.manage_schedule"


RESULTS = {
    None: (gettext_lazy("Not run yet"), "grey"),
    True: (gettext_lazy("Succeeded"), "green"),
    False: (pgettext_lazy("regular task", "Failed"), "red"),
}


def result(row):
    if row.paused:
        return status(_("Paused"), "orange")
    return status(*RESULTS[row.ok])


def told(row):
    return _("Paused") if row.paused else RESULTS[row.ok][0]


def named(row):
    return str(row)


class ScheduleList(ListPage):
    """What the exchange does by itself."""

    model = Schedule
    scoped = False
    permission_required = VIEW
    export_permission = VIEW
    title = gettext_lazy("Regular tasks")
    filterset_class = ScheduleFilter
    search_fields = ("name",)
    ordering = ("name",)
    page_size = 50
    live = 5
    columns = (
        Column("name", gettext_lazy("Code"), sort=True, link=True),
        Column("task", gettext_lazy("Task"), render=named, export=named),
        Column("rhythm", gettext_lazy("Every")),
        Column("result", gettext_lazy("Result"), render=result, export=told),
        Column("started_at", gettext_lazy("Last run"), sort=True),
        Column("milliseconds", gettext_lazy("Duration (ms)"), sort=True, number=True),
        Column("next_at", gettext_lazy("Next run")),
        Column("failed_at", gettext_lazy("Last failure"), sort=True),
        Column("error", gettext_lazy("Last error"), default=False),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)


class SchedulePage(DetailPage):
    """One regular task."""

    model = Schedule
    scoped = False
    lookup = "name"
    permission_required = VIEW

    def get_breadcrumbs(self):
        return crumbs(ScheduleList.title, str(self.object))

    def get_summary(self):
        row = self.object
        return [
            (_("Code"), row.name),
            (_("Result"), result(row)),
            (_("Every"), row.rhythm),
            (_("Last run"), row.started_at),
            (_("Duration (ms)"), row.milliseconds),
            (_("Next run"), row.next_at),
            (_("Last failure"), row.failed_at),
            (_("Last error"), row.error),
            (_("Reason"), row.reason),
        ]

    def get_actions(self):
        if not self.request.user.has_perm(MANAGE):
            return []
        paused = self.object.paused
        return [
            self._action("schedule-run", _("Run now"), True, ""),
            self._action("schedule-pause", _("Pause"), not paused, _("Paused")),
            self._action("schedule-resume", _("Resume"), paused, _("Not paused")),
        ]

    def _action(self, name, label, allowed, why):
        url = reverse(f"operations:{name}", args=[self.object.name])
        return {"name": label, "allowed": allowed, "why": why, "url": url}


class ScheduleAction(ActionPage):
    """Something done to one regular task."""

    model = Schedule
    scoped = False
    lookup = "name"
    permission_required = MANAGE

    def get_breadcrumbs(self):
        return crumbs(str(self.object), self.title)


class Pause(ScheduleAction):
    """Leave it out until it is resumed."""

    form_class = ReasonForm
    title = gettext_lazy("Pause")
    lead = gettext_lazy("It is not started again until somebody resumes it.")
    success_message = gettext_lazy("Paused.")

    def perform(self, form):
        by = self.request.user
        return service.pause(schedule=self.object, by=by, **form.cleaned_data)


class Resume(ScheduleAction):
    """Have it run again."""

    title = gettext_lazy("Resume")
    success_message = gettext_lazy("Resumed.")

    def perform(self, form):
        return service.resume(schedule=self.object, by=self.request.user)


class RunNow(ScheduleAction):
    """Start it without waiting."""

    title = gettext_lazy("Run now")
    success_message = gettext_lazy("It was started.")

    def perform(self, form):
        service.run_now(schedule=self.object, by=self.request.user)
