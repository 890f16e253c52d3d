"""Pages of emergencies: the list, raising one, its page, its report."""

from typing import Any

import django_filters
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.centre.desk_enums import (
    EmergencyKind,
    EmergencyLevel,
    EmergencyState,
)
from municipal.command.centre.emergencies import documents, nearby, plans, services
from municipal.command.centre.emergencies.forms import EntryForm, RaiseForm
from municipal.command.centre.models import Emergency
from municipal.command.models import Case
from municipal.command.requests import user_of
from municipal.command.views.report import map_settings
from platform_core.ui import components
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    Crumb,
    DetailPage,
    FormPage,
    ListPage,
    PageAction,
)

SEE, COMMAND = "centre.view_emergency", services.COMMAND
ROOT = Crumb(_("Emergencies"), "/duty-desk/emergencies/")
LEVELS = {"1": "red", "2": "orange", "3": "yellow", "4": "blue"}
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def level(row: Emergency) -> object:
    """The level in its colour."""
    return components.status(row.get_level_display(), LEVELS[row.level])


def state(row: Emergency) -> object:
    """Whether it goes on."""
    return components.status(row.get_state_display(), "red" if row.is_open else "grey")


class EmergencyFilter(django_filters.FilterSet):
    """By kind, level, state."""

    kind = django_filters.ChoiceFilter(
        label=_("Kind of emergency"),
        choices=EmergencyKind.choices,
        empty_label=_("All"),
    )
    level = django_filters.ChoiceFilter(
        label=_("Level"), choices=EmergencyLevel.choices, empty_label=_("All")
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=EmergencyState.choices, empty_label=_("All")
    )

    class Meta:
        model = Emergency
        fields = ("kind", "level", "state")


class EmergencyList(ListPage):
    """Emergencies, those under way first."""

    model = Emergency
    permission_required = SEE
    title = _("Emergencies")
    filterset_class = EmergencyFilter
    search_fields = ("number__startswith", "title", "address")
    ordering = ("-state", "-raised_at", "-pk")
    live = 10
    empty_text = _(
        "Nothing has been raised. Emergencies appear here with their course."
    )
    columns = (
        Column("number", _("Number"), sort=True, link=True),
        Column("title", _("Title")),
        Column("kind", _("Kind of emergency"), sort=True),
        Column("level", _("Level"), sort=True, render=level),
        Column("address", _("Address")),
        Column("raised_at", _("Raised at"), sort=True),
        Column("raised_by", _("Raised by"), default=False),
        Column("state", _("State"), sort=True, render=state),
        Column("closed_at", _("Over since"), default=False),
    )

    def get_queryset(self):
        return super().get_queryset().select_related("raised_by")

    def get_page_actions(self):
        rows = (
            (_("Raise an emergency"), "emergency-raise", "plus", True, COMMAND),
            (_("Resources"), "resource-list", "", False, plans.MANAGE),
            (_("Emergency plans"), "emergency-plans", "", False, plans.MANAGE),
            (_("Settings"), "emergency-rules", "", False, plans.MANAGE),
        )
        return [
            PageAction(label, reverse(f"centre:{name}"), icon, first, permission)
            for label, name, icon, first, permission in rows
        ]


class RaisePage(FormPage):
    """An emergency begins; from a case, its place is filled in."""

    permission_required = COMMAND
    form_class = RaiseForm
    template_name = "centre/emergencies/raise.html"
    title = _("Raise an emergency")
    submit_label = _("Raise")
    submit_level = "danger"

    def get_breadcrumbs(self):
        return [ROOT]

    def get_cancel_url(self):
        return reverse("centre:emergency-list")

    def case(self) -> Case | None:
        """The case that it is raised from."""
        found = Case.objects.visible_to(user_of(self.request))
        number = self.request.GET.get("case", "")
        return found.filter(number=number).first() if number else None

    def get_initial(self) -> dict[str, Any]:
        known: dict[str, Any] = {"radius": plans.rules().radius}
        if case := self.case():
            known |= {
                "title": case.class_name,
                "description": case.description,
                "address": case.address,
                "lon": case.lon,
                "lat": case.lat,
            }
        return known | super().get_initial()

    def perform(self, form):
        case = self.case()
        return services.raise_emergency(
            emergency=form.save(commit=False),
            plan=form.cleaned_data["follow"],
            cases=[case] if case else (),
            by=user_of(self.request),
        )

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), **map_settings()}


class EmergencyPage(DetailPage):
    """An emergency: map, what is near, steps, calls, cases, log; renews itself."""

    model = Emergency
    lookup = "uid"
    permission_required = SEE
    template_name = "centre/emergencies/emergency.html"
    partial_name = "centre/emergencies/_course.html"
    object: Emergency

    def get_queryset(self):
        return super().get_queryset().select_related("plan__plan", "raised_by")

    def get_breadcrumbs(self):
        return [ROOT, Crumb(self.object.number)]

    def get_page_actions(self):
        url = reverse("centre:emergency-report", args=[self.object.uid])
        return [PageAction(_("Draft of the report"), url, "file")]

    def get_summary(self):
        row = self.object
        return [
            (_("Level"), level(row)),
            (_("State"), state(row)),
            (_("Kind of emergency"), row.get_kind_display()),
            (_("Address"), row.address),
            (_("Raised by"), row.raised_by),
            (_("Raised at"), row.raised_at),
            (_("Emergency plan"), row.plan),
            (_("Description"), row.description),
            *([(_("Closing summary"), row.summary)] if row.summary else []),
        ]

    def get_actions(self):
        row = self.object
        if not row.is_open or not user_of(self.request).has_perm(COMMAND):
            return []
        rows = (
            (_("Call for help"), "call-out", "primary"),
            (_("Change the level"), "emergency-level", ""),
            (_("Attach a case"), "emergency-attach", ""),
            (_("Close the emergency"), "emergency-close", "danger"),
        )
        return [
            {
                "name": name,
                "allowed": True,
                "level": look,
                "url": reverse(f"centre:{url}", args=[row.uid]),
            }
            for name, url, look in rows
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, user = self.object, user_of(self.request)
        near = nearby.around(row, user)
        leads = user.has_perm(COMMAND) and row.is_open
        return super().get_context_data(
            near=near,
            called=nearby.called(row),
            steps=row.steps.select_related("done_by"),
            calls=row.calls.select_related("by"),
            links=row.links.select_related("case__handling_unit"),
            entries=row.entries.select_related("by")[:100],
            leads=leads,
            may_dispatch=leads and user.has_perm("command.dispatch_case"),
            entry_form=EntryForm(),
            **nearby.map_of(row, near),
            **kwargs,
        )


class ReportPage(DetailPage):
    """The draft of the report, to read and to take along as a document."""

    model = Emergency
    lookup = "uid"
    permission_required = SEE
    template_name = "centre/emergencies/report.html"
    object: Emergency

    def get_queryset(self):
        return super().get_queryset().select_related("raised_by")

    def get(self, request, *args, **kwargs):
        if request.GET.get("form") != "docx":
            return super().get(request, *args, **kwargs)
        self.object = self.get_object()
        answer = HttpResponse(documents.write(self.object), content_type=WORD)
        name = f'attachment; filename="{self.object.number}.docx"'
        answer["Content-Disposition"] = name
        return answer

    def get_title(self):
        return documents.title(self.object)

    def get_breadcrumbs(self):
        return [ROOT, Crumb(self.object.number, self.object.get_absolute_url())]

    def get_page_actions(self):
        return [PageAction(_("As a document (docx)"), "?form=docx", "download", True)]

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            sections=documents.sections(self.object), **kwargs
        )
