"""Pages of joint handling: the desk, parts, stages, units compared."""

from typing import Any

import django_filters
from django.db import transaction
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from municipal.command.collaboration import policies, selectors
from municipal.command.collaboration.enums import PartKind, PartState
from municipal.command.collaboration.forms import (
    AnswerForm,
    InvolveForm,
    ReasonForm,
    StageForm,
    TeamForm,
)
from municipal.command.collaboration.models import Part
from municipal.command.collaboration.services import parts
from municipal.command.models import Case
from municipal.command.requests import user_of
from municipal.command.views.actions import stored
from municipal.command.views.lists import CaseList
from platform_core.files import services as files
from platform_core.ui import components
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    DetailPage,
    ListPage,
    PlainPage,
)

ROOT = Crumb(_("Collaborative work"), "/collaboration/desk/")
DESK = "collaboration.view_desk"


def due(row: Any) -> object:
    """Time left with its light."""
    return components.deadline(row.deadline, row.light)


def link(text: object, url: str) -> object:
    """A link for a summary."""
    return format_html('<a href="{}">{}</a>', url, text)


class CasePage(ActionPage):
    """A dialog about a case that the user sees."""

    model = Case
    lookup = "uid"
    permission_required = "command.view_case"
    object: Case

    def get_queryset(self):
        return super().get_queryset().select_related("handling_unit", "process")


class DeskPage(CaseList):
    """The cases of the own unit, by what has to be done with them."""

    permission_required = DESK
    export_permission = DESK
    template_name = "collaboration/desk.html"
    filterset_class: Any = None
    title = _("Department desk")
    ordering = ("deadline", "id")
    empty_text = _("Nothing waits in this part of the desk.")

    @property
    def tab(self) -> str:
        asked = self.request.GET.get("tab", "sign")
        return asked if asked in selectors.TABS else "sign"

    def get_queryset(self):
        user = user_of(self.request)
        rows = selectors.desk(user, self.tab)
        return rows.select_related("handling_unit", "source")

    def get_page_actions(self):
        return []

    def get_breadcrumbs(self):
        return [ROOT]

    def get_context_data(self, **kwargs):
        user = user_of(self.request)
        counts = selectors.desk_counts(user)
        tabs = [
            {"code": code, "label": label, "count": counts[code]}
            for code, label in selectors.TABS.items()
        ]
        assisting = Part.objects.visible_to(user).open()
        mine = assisting.filter(unit__path__startswith=user.unit_path)
        return super().get_context_data(
            tabs=tabs, tab=self.tab, parts=mine.count(), **kwargs
        )


class PartFilter(django_filters.FilterSet):
    """By kind and state."""

    kind = django_filters.ChoiceFilter(
        label=_("Kind of part"), choices=PartKind.choices, empty_label=_("All")
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=PartState.choices, empty_label=_("All")
    )

    class Meta:
        model = Part
        fields = ("kind", "state")


class PartList(ListPage):
    """Parts of cases that others lead."""

    model = Part
    permission_required = "command.view_case"
    title = _("Parts of cases")
    filterset_class = PartFilter
    search_fields = ("number__startswith", "unit__name", "task")
    ordering = ("ended_at", "deadline", "pk")
    live = 5
    empty_text = _("Parts appear here when your unit is called in.")
    columns = (
        Column("number", _("Part number"), link=True),
        Column("case.class_name", _("Class")),
        Column("kind", _("Kind of part"), sort=True),
        Column("unit", _("Unit in charge"), sort="unit__name"),
        Column("person", _("Person")),
        Column("task", _("What to do")),
        Column("state", _("State"), sort=True),
        Column("deadline", _("Time left"), sort=True, render=due),
    )

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.select_related("case", "unit", "person")

    def get_breadcrumbs(self):
        return [ROOT]

    def row_class(self, row):
        return "row-overdue" if row.light == "red" else ""


class PartDetail(DetailPage):
    """A part: what is asked, what was answered."""

    model = Part
    permission_required = "command.view_case"
    template_name = "collaboration/part.html"

    def get_queryset(self):
        return super().get_queryset().select_related("case", "unit", "person")

    def get_breadcrumbs(self):
        return [
            ROOT,
            Crumb(_("Parts of cases"), reverse("collaboration:part-list")),
            Crumb(self.object.number),
        ]

    def get_actions(self):
        part, user = self.object, user_of(self.request)
        mine = policies.may_work(part, user)
        may_end = part.is_open and (
            policies.may_involve(part.case, user) or part.sent_by_id == user.pk
        )
        found = []
        if mine:
            found = [
                (_("Sign for"), "part-sign", part.state == PartState.SENT),
                (_("Report back"), "part-answer", part.state == PartState.SIGNED),
                (_("Not ours"), "part-refuse", True),
            ]
        if may_end:
            found.append((_("Take back"), "part-withdraw", True))
        return [
            {
                "name": name,
                "allowed": allowed,
                "why": _("not in this state"),
                "url": reverse(f"collaboration:{url}", args=[part.pk]),
            }
            for name, url, allowed in found
        ]

    def get_summary(self):
        part = self.object
        return [
            (_("State"), part.get_state_display()),
            (_("Time left"), due(part)),
            (_("Kind of part"), part.get_kind_display()),
            (_("Unit in charge"), part.unit),
            (_("Person"), part.person),
            (_("What to do"), part.task),
            (_("Signed at"), part.signed_at),
            (_("Ended at"), part.ended_at),
            (_("Result"), part.result),
        ]

    def get_context_data(self, **kwargs):
        pictures = files.of(self.object)
        records = self.object.records.select_related("by")
        return super().get_context_data(pictures=pictures, records=records, **kwargs)


class PartPage(ActionPage):
    """A dialog about a part."""

    model = Part
    permission_required = "command.view_case"
    object: Part


class PartSign(PartPage):
    title = _("Sign for")

    def perform(self, form):
        return parts.sign(part=self.object, by=user_of(self.request))


class PartAnswer(PartPage):
    title = _("Report back")
    form_class = AnswerForm

    @transaction.atomic
    def perform(self, form):
        user = user_of(self.request)
        pictures = stored(form, "photos", user)
        return parts.answer(
            part=self.object,
            by=user,
            result=form.cleaned_data["result"],
            cost=form.cleaned_data["cost"],
            attachments=pictures,
        )


class PartRefuse(PartPage):
    title = _("Not ours")
    form_class = ReasonForm

    def perform(self, form):
        return parts.refuse(
            part=self.object, by=user_of(self.request), **form.cleaned_data
        )


class PartWithdraw(PartPage):
    title = _("Take back")
    form_class = ReasonForm

    def perform(self, form):
        return parts.withdraw(
            part=self.object, by=user_of(self.request), **form.cleaned_data
        )


class InvolvePage(CasePage):
    title = _("Call in units")
    form_class = InvolveForm
    success_message = _("The units were told.")

    def perform(self, form):
        parts.involve(case=self.object, by=user_of(self.request), **form.cleaned_data)


class TeamPage(CasePage):
    title = _("Give to a team")
    form_class = TeamForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": user_of(self.request)}

    def perform(self, form):
        parts.give_to_team(
            case=self.object, by=user_of(self.request), **form.cleaned_data
        )


class StagePage(CasePage):
    title = _("Note a stage")
    form_class = StageForm

    @transaction.atomic
    def perform(self, form):
        user = user_of(self.request)
        pictures = stored(form, "photos", user)
        parts.note_stage(
            case=self.object,
            by=user,
            text=form.cleaned_data["text"],
            cost=form.cleaned_data["cost"],
            attachments=pictures,
        )


class UnitsPage(PlainPage):
    """The units side by side; every number opens its list."""

    permission_required = "collaboration.view_units"
    template_name = "collaboration/units.html"
    title = _("Units compared")

    def get_breadcrumbs(self):
        return [ROOT]

    def get_context_data(self, **kwargs):
        rows = selectors.compare(user_of(self.request))
        return super().get_context_data(rows=rows, **kwargs)
