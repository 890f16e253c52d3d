"""Pages of other dispatch systems: who they are, mappings, deliveries."""

import django_filters
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.collaboration.enums import DeliveryState
from municipal.command.collaboration.forms_systems import (
    MappingForm,
    SystemForm,
    as_json,
    lines,
)
from municipal.command.collaboration.models import Callback, DispatchSystem
from municipal.command.collaboration.services import callbacks, systems
from municipal.command.requests import user_of
from platform_core.ui import components
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    DetailPage,
    EditPage,
    FormPage,
    ListPage,
    PageAction,
)

from .duty import yes

PERMISSION = "collaboration.manage_systems"
ROOT = Crumb(_("Other dispatch systems"), "/collaboration/systems/")
COLORS = {
    DeliveryState.WAITING: "yellow",
    DeliveryState.SENT: "green",
    DeliveryState.FAILED: "red",
}


class SystemList(ListPage):
    """The dispatch systems that push cases."""

    model = DispatchSystem
    permission_required = PERMISSION
    title = _("Other dispatch systems")
    search_fields = ("code", "name")
    ordering = ("code",)
    empty_text = _("Register a system, so that it can push cases by its token.")
    columns = (
        Column("code", _("Code"), sort=True, link=True),
        Column("name", _("Name"), sort=True),
        Column("kind", _("Kind of system"), sort=True),
        Column("source", _("Source of its cases")),
        Column("callback_url", _("Callback address")),
        Column("is_active", _("In force"), render=lambda row: yes(row.is_active)),
        Column("last_seen_at", _("Last seen"), sort=True),
    )

    def get_queryset(self):
        return super().get_queryset().select_related("source")

    def get_page_actions(self):
        url = reverse("collaboration:system-add")
        return [PageAction(_("Register a system"), url, "plus", True)]


def show_token(request, system, token):
    """The token, shown this once."""
    context = {"system": system, "token": token, "title": _("Token")}
    context |= {"breadcrumbs": [ROOT, Crumb(system.name)], "page_actions": []}
    context |= {"heading": system.name}
    return render(request, "collaboration/token.html", context)


class SystemAdd(FormPage):
    """Register a system; its token is shown once."""

    permission_required = PERMISSION
    form_class = SystemForm
    title = _("Register a system")
    success_url = "collaboration:system-list"

    def get_breadcrumbs(self):
        return [ROOT]

    def perform(self, form):
        system = form.save(commit=False)
        token = systems.register(system=system, by=user_of(self.request))
        return show_token(self.request, system, token)


class SystemEdit(EditPage):
    """Change a system."""

    model = DispatchSystem
    permission_required = PERMISSION
    form_class = SystemForm
    title = _("Change a system")

    def perform(self, form):
        return systems.change(system=form.save(commit=False), by=user_of(self.request))


class SystemDetail(DetailPage):
    """A system with its mapping versions."""

    model = DispatchSystem
    permission_required = PERMISSION
    template_name = "collaboration/system.html"

    def get_queryset(self):
        return super().get_queryset().select_related("source", "account")

    def get_breadcrumbs(self):
        return [ROOT, Crumb(self.object.name)]

    def get_page_actions(self):
        pages = (
            (_("Change"), "system-edit"),
            (_("New mapping"), "system-map"),
            (_("New token"), "system-token"),
        )
        return [
            PageAction(label, reverse(f"collaboration:{name}", args=[self.object.pk]))
            for label, name in pages
        ]

    def get_summary(self):
        row = self.object
        return [
            (_("Code"), row.code),
            (_("Kind of system"), row.get_kind_display()),
            (_("Source of its cases"), row.source),
            (_("Account"), row.account.username),
            (_("Callback address"), row.callback_url),
            (_("Address in the own network allowed"), row.allow_private),
            (_("In force"), yes(row.is_active)),
            (_("Last seen"), row.last_seen_at),
        ]

    def get_context_data(self, **kwargs):
        rows = self.object.mappings.select_related("by")
        shown = [
            {"row": row, "classes": lines(row.classes), "states": lines(row.states)}
            for row in rows
        ]
        return super().get_context_data(mappings=shown, **kwargs)


class SystemMap(ActionPage):
    """A new version of the mapping, beginning with the present one."""

    model = DispatchSystem
    permission_required = PERMISSION
    form_class = MappingForm
    title = _("New mapping")

    def get_initial(self):
        last = self.object.mappings.order_by("-version").first()
        if last is None:
            return {}
        return {"classes": lines(last.classes), "states": lines(last.states)}

    def perform(self, form):
        systems.map_words(
            system=self.object, by=user_of(self.request), **form.cleaned_data
        )


class SystemToken(ActionPage):
    """A new token; the former one ends."""

    model = DispatchSystem
    permission_required = PERMISSION
    title = _("New token")
    lead = _("The present token ends at once.")

    def perform(self, form):
        token = systems.new_token(system=self.object, by=user_of(self.request))
        return show_token(self.request, self.object, token)


class CallbackFilter(django_filters.FilterSet):
    """By system and state."""

    system = django_filters.ModelChoiceFilter(
        label=_("System"),
        field_name="pushed__system",
        queryset=DispatchSystem.objects.order_by("code"),
        empty_label=_("All"),
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=DeliveryState.choices, empty_label=_("All")
    )

    class Meta:
        model = Callback
        fields = ("system", "state")


class CallbackList(ListPage):
    """What was told to other systems, and whether they took it."""

    model = Callback
    permission_required = PERMISSION
    title = _("Deliveries")
    filterset_class = CallbackFilter
    search_fields = ("pushed__their_number", "pushed__case__number__startswith")
    live = 5
    empty_text = _("Nothing was told to another system yet.")
    columns = (
        Column(
            "pushed.their_number",
            _("Number there"),
            link=lambda row: reverse("collaboration:callback", args=[row.pk]),
        ),
        Column("pushed.system", _("System")),
        Column("pushed.case.number", _("Case number")),
        Column("payload", _("What is told"), render=lambda row: row.payload["state"]),
        Column(
            "state",
            _("State"),
            sort=True,
            render=lambda row: components.status(
                row.get_state_display(), COLORS[DeliveryState(row.state)]
            ),
        ),
        Column("attempts", _("Attempts"), number=True),
        Column("status", _("HTTP status")),
        Column("created_at", _("At"), sort=True),
        Column("next_at", _("Next attempt")),
    )

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.select_related("pushed__system", "pushed__case")

    def get_breadcrumbs(self):
        return [ROOT]


class CallbackDetail(DetailPage):
    """One delivery with what was sent and answered."""

    model = Callback
    permission_required = PERMISSION
    template_name = "collaboration/callback.html"

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.select_related("pushed__system", "pushed__case")

    def get_breadcrumbs(self):
        return [ROOT, Crumb(_("Deliveries"), reverse("collaboration:callback-list"))]

    def get_actions(self):
        return [
            {
                "name": _("Send again"),
                "allowed": self.object.state != DeliveryState.SENT,
                "why": _("taken already"),
                "url": reverse("collaboration:callback-resend", args=[self.object.pk]),
            }
        ]

    def get_summary(self):
        row = self.object
        return [
            (_("System"), row.pushed.system),
            (_("Number there"), row.pushed.their_number),
            (_("Case number"), row.pushed.case.number),
            (_("State"), row.get_state_display()),
            (_("Attempts"), row.attempts),
            (_("HTTP status"), row.status),
            (_("Answer"), row.answer),
            (_("Next attempt"), row.next_at),
            (_("Taken at"), row.sent_at),
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(payload=as_json(self.object.payload), **kwargs)


class CallbackResend(ActionPage):
    """Try again from the beginning."""

    model = Callback
    permission_required = PERMISSION
    title = _("Send again")
    success_url = "collaboration:callback-list"

    def perform(self, form):
        return callbacks.resend(callback=self.object, by=user_of(self.request))

    def get_success_url(self, result):
        return reverse(self.success_url)
