"""Alarms: list, detail, acknowledging, remarks; and the outage log."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.delivery.models import Outage
from exchange.delivery.services import line
from exchange.delivery.views.peers import crumbs
from exchange.operations.enums import AlarmState, Severity
from exchange.operations.filters import AlarmFilter, OutageFilter
from exchange.operations.forms import ExplainForm, NoteForm, RemarkForm
from exchange.operations.models import Alarm
from exchange.operations.services import alarms as service
from platform_core.common.clock import now
from platform_core.ui.columns import Column
from platform_core.ui.components import status
from platform_core.ui.views import ActionPage, BulkAction, DetailPage, ListPage
from platform_core.ui.words import duration

from .board import VIEW

HANDLE = "operations.handle_alarm"
SEVERITIES = {
    Severity.INFO: "blue",
    Severity.WARNING: "yellow",
    Severity.CRITICAL: "red",
}
STATES = {
    AlarmState.OPEN: "red",
    AlarmState.ACKNOWLEDGED: "yellow",
    AlarmState.RESOLVED: "green",
}


def severity(row):
    return status(row.get_severity_display(), SEVERITIES[Severity(row.severity)])


def state(row):
    return status(row.get_state_display(), STATES[AlarmState(row.state)])


def lasted(row):
    return duration(row.duration)


def measured(row):
    return f"{row.value:g} / {row.threshold}"


def acknowledge(row, user):
    return service.acknowledge(alarm=row, by=user)


class AlarmList(ListPage):
    """Alarms, the unresolved ones at first."""

    model = Alarm
    scoped = False
    permission_required = VIEW
    export_permission = VIEW
    title = gettext_lazy("Alarms of the exchange")
    empty_text = gettext_lazy("What the rules find appears here.")
    filterset_class = AlarmFilter
    search_fields = ("peer__code", "peer__name", "interface", "rule__name")
    live = 10
    columns = (
        Column("severity", gettext_lazy("Severity"), sort=True, render=severity),
        Column("rule.name", gettext_lazy("Rule"), link=True),
        Column("peer", gettext_lazy("Platform"), sort="peer__code"),
        Column("interface", gettext_lazy("Interface"), sort=True),
        Column("value", gettext_lazy("Measured"), render=measured),
        Column("state", gettext_lazy("State"), sort=True, render=state),
        Column("opened_at", gettext_lazy("Since"), sort=True),
        Column("resolved_at", gettext_lazy("Over"), sort=True),
        Column("duration", gettext_lazy("Duration"), render=lasted, export=lasted),
        Column("acknowledged_by", gettext_lazy("Acknowledged by")),
    )
    bulk_actions = (
        BulkAction(
            "acknowledge",
            gettext_lazy("Acknowledge"),
            run=acknowledge,
            permission=HANDLE,
        ),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.select_related("peer", "rule", "acknowledged_by")


class AlarmPage(DetailPage):
    """One alarm with its course."""

    model = Alarm
    scoped = False
    permission_required = VIEW

    def get_breadcrumbs(self):
        return crumbs(AlarmList.title, str(self.object))

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.select_related("peer", "rule", "acknowledged_by")

    def get_summary(self):
        row = self.object
        return [
            (_("Rule"), row.rule),
            (_("Severity"), severity(row)),
            (_("State"), state(row)),
            (_("Platform"), row.peer),
            (_("Interface"), row.interface),
            (_("Measured"), f"{row.value:g} {row.rule.unit}"),
            (_("Worst"), row.worst),
            (_("Threshold"), row.threshold),
            (_("Since"), row.opened_at),
            (_("Over"), row.resolved_at),
            (_("Duration"), lasted(row)),
            (_("Acknowledged by"), row.acknowledged_by),
        ]

    def get_timeline(self):
        return list(self.object.steps.select_related("by"))

    def get_actions(self):
        if not self.request.user.has_perm(HANDLE):
            return []
        row = self.object
        is_open = row.state == AlarmState.OPEN
        why = _("The alarm is acknowledged or over already.")
        return [
            self._action("alarm-acknowledge", _("Acknowledge"), is_open, why),
            self._action("alarm-comment", _("Add a remark"), True, ""),
        ]

    def _action(self, name, label, allowed, why):
        url = reverse(f"operations:{name}", args=[self.object.pk])
        return {"name": label, "allowed": allowed, "why": why, "url": url}


class AlarmAction(ActionPage):
    """Something done to one alarm."""

    model = Alarm
    scoped = False
    permission_required = HANDLE

    def get_breadcrumbs(self):
        return crumbs(str(self.object), self.title)

    def get_queryset(self):
        return super().get_queryset().select_related("peer", "rule")


class Acknowledge(AlarmAction):
    """Say that one looks after it."""

    form_class = RemarkForm
    title = gettext_lazy("Acknowledge")
    success_message = gettext_lazy("Acknowledged.")

    def perform(self, form):
        by = self.request.user
        return service.acknowledge(alarm=self.object, by=by, **form.cleaned_data)


class Comment(AlarmAction):
    """Write down what one found."""

    form_class = NoteForm
    title = gettext_lazy("Add a remark")
    success_message = gettext_lazy("Noted.")

    def perform(self, form):
        by = self.request.user
        return service.comment(alarm=self.object, by=by, **form.cleaned_data)


def outage_length(row):
    return duration(((row.ended_at or now()) - row.started_at).total_seconds())


def outage_state(row):
    if row.ended_at:
        return status(_("Over"), "green")
    return status(_("Lasts"), "red")


def lasts(row):
    return _("Over") if row.ended_at else _("Lasts")


def explain_url(row):
    return reverse("operations:outage", args=[row.pk])


class OutageList(ListPage):
    """When a connection was out, for how long, and why."""

    model = Outage
    scoped = False
    permission_required = VIEW
    export_permission = VIEW
    title = gettext_lazy("Outage log")
    empty_text = gettext_lazy("No outage so far")
    filterset_class = OutageFilter
    search_fields = ("peer__code", "peer__name", "note", "error")
    ordering = ("-started_at",)
    live = 30
    columns = (
        Column("started_at", gettext_lazy("Beginning"), sort=True, link=explain_url),
        Column("peer", gettext_lazy("Platform"), sort="peer__code"),
        Column("kind", gettext_lazy("Noticed by"), sort=True),
        Column("lasts", gettext_lazy("State"), render=outage_state, export=lasts),
        Column("ended_at", gettext_lazy("End"), sort=True),
        Column(
            "length",
            gettext_lazy("Duration"),
            render=outage_length,
            export=outage_length,
        ),
        Column("cause", gettext_lazy("Cause"), sort=True),
        Column("note", gettext_lazy("Note")),
        Column("error", gettext_lazy("Last error"), default=False),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return super().get_queryset().select_related("peer")


class OutagePage(DetailPage):
    """One outage."""

    model = Outage
    scoped = False
    permission_required = VIEW

    def get_breadcrumbs(self):
        return crumbs(OutageList.title, self.object.peer.code)

    def get_queryset(self):
        return super().get_queryset().select_related("peer")

    def get_title(self):
        return f"{OutageList.title}: {self.object.peer}"

    def get_summary(self):
        row = self.object
        return [
            (_("Platform"), row.peer),
            (_("State"), outage_state(row)),
            (_("Noticed by"), row.get_kind_display()),
            (_("Beginning"), row.started_at),
            (_("End"), row.ended_at),
            (_("Duration"), outage_length(row)),
            (_("Last error"), row.error),
            (_("Cause"), row.get_cause_display()),
            (_("Note"), row.note),
        ]

    def get_actions(self):
        if not self.request.user.has_perm(HANDLE):
            return []
        url = reverse("operations:outage-explain", args=[self.object.pk])
        return [{"name": _("Explain"), "allowed": True, "why": "", "url": url}]


class OutageExplain(ActionPage):
    """Write down why a connection was out."""

    model = Outage
    scoped = False
    permission_required = HANDLE
    form_class = ExplainForm
    title = gettext_lazy("Explain")
    success_message = gettext_lazy("Noted.")

    def get_queryset(self):
        return super().get_queryset().select_related("peer")

    def get_initial(self):
        return {"cause": self.object.cause, "note": self.object.note}

    def get_breadcrumbs(self):
        return crumbs(OutageList.title, self.object.peer.code)

    def get_success_url(self, result):
        return explain_url(self.object)

    def get_cancel_url(self):
        return explain_url(self.object)

    def perform(self, form):
        by = self.request.user
        return line.explain_outage(outage=self.object, by=by, **form.cleaned_data)
