"""The audit log."""

from typing import Any

import django_filters
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from platform_core.accounts.models import User
from platform_core.audit.models import AuditEntry
from platform_core.systems.maintenance import services
from platform_core.systems.maintenance.events import event_label, event_label_choices
from platform_core.systems.maintenance.forms import day_input
from platform_core.ui import components
from platform_core.ui.columns import Column
from platform_core.ui.permissions import page
from platform_core.ui.views import Crumb, DetailPage, ListPage

from .common import SYSTEM

VIEW = "audit.view_auditentry"


def page_of(entry: AuditEntry) -> str:
    """Address of a row of the log."""
    return reverse("maintenance:audit-entry", args=[entry.pk])


def event(entry: AuditEntry) -> str:
    """What happened, in the reader's language where it is known."""
    return event_label(entry.type)


def seal_badge(entry: AuditEntry) -> object:
    """Whether the row is chained already."""
    if entry.seq is None:
        return components.status(_("Waits for its seal"), "yellow")
    return components.status(f"#{entry.seq}", "green")


class LogFilter(django_filters.FilterSet):
    """By event, actor, object and time."""

    type = django_filters.ChoiceFilter(
        choices=event_label_choices, lookup_expr="startswith", label=_("Area")
    )
    actor_name = django_filters.CharFilter(lookup_expr="icontains", label=_("Actor"))
    day_from = django_filters.DateFilter(
        field_name="at",
        lookup_expr="date__gte",
        label=_("From day"),
        widget=day_input(),
    )
    day_to = django_filters.DateFilter(
        field_name="at", lookup_expr="date__lte", label=_("To day"), widget=day_input()
    )

    class Meta:
        model = AuditEntry
        fields = ["type", "actor_name"]


class LogList(ListPage):
    """Everything that was noted; it concerns the whole platform."""

    model = AuditEntry
    scoped = False
    permission_required = VIEW
    title = _("Audit log")
    template_name = "maintenance/audit.html"
    filterset_class = LogFilter
    search_fields = ("object_label", "type", "object_id__exact")
    search_hint = _("Object or event")
    ordering = ("-id",)
    columns = (
        Column("at", _("Time"), sort=True, css="text-nowrap"),
        Column("type", _("Event"), render=event, export=event, link=page_of),
        Column("actor_name", _("Actor")),
        Column("object_label", _("Object")),
        Column("object_type", _("Object type"), default=False),
        Column("object_id", _("Object number"), default=False),
        Column("node", _("Platform"), default=False),
        Column("seq", _("Seal"), render=seal_badge),
        Column("hash", _("Hash"), default=False),
    )

    def get_breadcrumbs(self) -> list[Crumb]:
        return [SYSTEM, Crumb(self.title)]


class LogEntry(DetailPage):
    """One row of the log with its details."""

    model = AuditEntry
    scoped = False
    permission_required = VIEW
    template_name = "maintenance/audit_entry.html"

    def get_title(self) -> str:
        return event(self.object)

    def get_breadcrumbs(self) -> list[Crumb]:
        above = Crumb(LogList.title, reverse("maintenance:audit"))
        return [SYSTEM, above, Crumb(self.get_title())]

    def get_summary(self) -> list[tuple[Any, Any]]:
        row = self.object
        return [
            (_("Time"), row.at),
            (_("Event"), row.type),
            (_("Actor"), row.actor_name),
            (_("Object"), row.object_label),
            (_("Object type"), row.object_type),
            (_("Object number"), row.object_id),
            (_("Platform"), row.node),
            (_("Seal"), seal_badge(row)),
            (_("Hash"), row.hash),
            (_("Hash of the row before"), row.previous_hash),
        ]


@page(permission=VIEW)
@require_POST
def verify(request: HttpRequest) -> HttpResponseBase:
    """Walk the chain and say what was found."""
    assert isinstance(request.user, User)
    count, fault = services.verify_log(by=request.user)
    if fault is None:
        text = gettext("The chain is whole: %(count)s rows fit their seals.")
        messages.success(request, text % {"count": count})
    else:
        text = gettext("The chain is broken at row %(seq)s: %(problem)s")
        messages.error(request, text % {"seq": fault.seq, "problem": fault.text})
    return redirect("maintenance:audit")
