"""Pages of appeals."""

from typing import Any

import django_filters
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from municipal.command.models import Case
from municipal.command.performance import policies
from municipal.command.performance.enums import AppealState, Ground
from municipal.command.performance.forms_appeals import AppealForm, ReviewForm
from municipal.command.performance.models import Appeal
from municipal.command.performance.services import appealing
from municipal.command.requests import user_of
from municipal.command.views.actions import stored
from platform_core.audit import services as audit
from platform_core.files import services as files
from platform_core.ui import components
from platform_core.ui.columns import Column
from platform_core.ui.views import ActionPage, Crumb, DetailPage, ListPage

from .shown import ROOT, SEEN, appeal_badge

APPEAL = "performance.add_appeal"


def case_url(row: Appeal) -> str:
    """The page of the case."""
    return row.case.get_absolute_url()


def due(row: Appeal) -> object:
    """The time left for the review."""
    return components.deadline(row.due if row.is_open else None, row.light)


class AppealFilter(django_filters.FilterSet):
    """By ground, state and lateness."""

    ground = django_filters.ChoiceFilter(
        label=_("Against"), choices=Ground.choices, empty_label=_("All")
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=AppealState.choices, empty_label=_("All")
    )
    mine = django_filters.BooleanFilter(label=_("My own"), method="by_me")

    class Meta:
        model = Appeal
        fields = ("ground", "state")

    def by_me(self, rows: Any, name: str, value: bool) -> QuerySet[Appeal]:
        user = getattr(self.request, "user", None)
        found: QuerySet[Appeal] = rows.filter(by=user.pk) if value and user else rows
        return found


class AppealList(ListPage):
    """Appeals in sight."""

    model = Appeal
    permission_required = SEEN
    title = _("Appeals")
    filterset_class = AppealFilter
    search_fields = ("case__number__startswith", "case__address", "reason")
    ordering = ("due", "pk")
    live = 10
    empty_text = _("Appeals against closed cases appear here.")
    columns = (
        Column("case.number", _("Case"), sort="case__number", link=True),
        Column("case.class_name", _("Class")),
        Column("ground", _("Against"), sort=True),
        Column("reason", _("Reason")),
        Column("by", _("By"), sort="by__full_name"),
        Column("unit", _("Applicant unit"), sort="unit__name"),
        Column("created_at", _("Made at"), sort=True),
        Column("due", _("Review until"), sort=True, render=due),
        Column("state", _("State"), sort=True, render=appeal_badge),
    )

    def get_queryset(self) -> QuerySet[Appeal]:
        return super().get_queryset().select_related("case", "by", "unit")

    def get_breadcrumbs(self) -> list[Crumb]:
        return [ROOT, Crumb(self.title)]

    def row_class(self, row: Appeal) -> str:
        return "row-overdue" if row.light == "red" else ""

    def on_export(self, form: str) -> None:
        audit.record("appeal.exported", by=user_of(self.request), data={"form": form})


class AppealPage(DetailPage):
    """One appeal with what was said about it."""

    model = Appeal
    permission_required = SEEN
    template_name = "performance/appeal.html"

    def get_queryset(self) -> QuerySet[Appeal]:
        return (
            super()
            .get_queryset()
            .select_related(
                "case__handling_unit", "by", "unit", "first_by", "second_by"
            )
        )

    def get_breadcrumbs(self) -> list[Crumb]:
        above = Crumb(AppealList.title, reverse("performance:appeal-list"))
        return [ROOT, above, Crumb(str(self.object))]

    def get_summary(self) -> list[tuple[Any, Any]]:
        row, case = self.object, self.object.case
        link = format_html('<a href="{}">{} {}</a>', case_url(row), case, case.title)
        return [
            (_("Case"), link),
            (_("Against"), row.get_ground_display()),
            (_("State"), appeal_badge(row)),
            (_("By"), row.by),
            (_("Applicant unit"), row.unit),
            (_("Handling unit"), case.handling_unit),
            (_("Closed at"), case.closed_at),
            (_("Handling deadline"), case.handling_deadline),
            (_("Handled at"), case.handled_at),
            (_("Reworks"), case.rework_count),
            (_("Review until"), due(row)),
            (_("Reason"), row.reason),
        ]

    def get_actions(self) -> list[dict[str, Any]]:
        row, user = self.object, user_of(self.request)
        if not row.is_open:
            return []
        options = (
            (_("Review"), "appeal-review", policies.may_review(row, user)),
            (_("Take back"), "appeal-withdraw", policies.may_withdraw(row, user)),
        )
        return [
            {
                "name": name,
                "url": reverse(f"performance:{url}", args=[row.pk]),
                "allowed": allowed,
                "why": _("somebody else does this"),
            }
            for name, url, allowed in options
        ]

    def get_timeline(self) -> list[dict[str, Any]]:
        row = self.object
        steps = (
            (_("Appeal made"), row.created_at, row.by, row.reason),
            (_("First review"), row.first_at, row.first_by, row.first_opinion),
            (_("Second review"), row.second_at, row.second_by, row.second_opinion),
        )
        return [
            {"title": title, "at": at, "by_name": str(by), "note": note}
            for title, at, by, note in steps
            if at
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pictures = files.of(self.object)
        return super().get_context_data(pictures=pictures, **kwargs)


class AppealMake(ActionPage):
    """Appeal about a case."""

    model = Case
    lookup = "uid"
    permission_required = APPEAL
    form_class = AppealForm
    title = _("Appeal")
    lead = _("Accepted, the case no longer counts in evaluation; its times stay.")
    submit_label = _("Appeal")
    success_message = _("The appeal is made.")

    def get_queryset(self) -> QuerySet[Case]:
        return super().get_queryset().select_related("handling_unit", "process")

    def perform(self, form: AppealForm) -> Appeal:
        user, given = user_of(self.request), form.cleaned_data
        with transaction.atomic():
            return appealing.appeal(
                case=self.object,
                ground=given["ground"],
                reason=given["reason"],
                attachments=stored(form, "pictures", user),
                by=user,
            )


class AppealAction(ActionPage):
    """A dialog about one appeal."""

    model = Appeal
    permission_required = SEEN
    object: Appeal

    def get_queryset(self) -> QuerySet[Appeal]:
        return super().get_queryset().select_related("case")


class AppealReview(AppealAction):
    """The first or the second review."""

    title = _("Review")
    form_class = ReviewForm
    success_message = _("Reviewed.")

    def perform(self, form: ReviewForm) -> Appeal:
        return appealing.review(
            appeal=self.object,
            agrees=form.cleaned_data["agrees"] == "yes",
            opinion=form.cleaned_data["opinion"],
            by=user_of(self.request),
        )


class AppealWithdraw(AppealAction):
    """Take an appeal back."""

    title = _("Take back")
    success_message = _("Taken back.")

    def perform(self, form: Any) -> Appeal:
        return appealing.withdraw(appeal=self.object, by=user_of(self.request))
